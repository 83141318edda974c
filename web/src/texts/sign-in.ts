/** Texts of signing in and up. */
export const signIn = {
  session: {
    signInTitle: "Sign in",
    signInTo: (account: string) => `Sign in to ${account}`,
    signIn: "Sign in",
    signOut: "Sign out",
    signOutFailed: "You could not be signed out. Try again.",
    name: "Name",
    email: "Email address",
    password: "Password",
    passwordHint: "At least 8 characters",
    wrong: "That email address and password do not match.",
    firstRunTitle: "Set up Campfire",
    firstRunIntro: "You’ll be the administrator. Inviting everybody else comes right after.",
    firstRun: "Set up Campfire",
    joinTitle: (account: string) => `Join ${account}`,
    joinIntro: "Tell the others who you are.",
    join: "Join",
    haveAccount: "I have an account already",
    badCodeTitle: "This invitation link is not valid any more",
    badCode:
      "Perhaps it was replaced, or part of it got lost. Ask the person who sent it for a new one.",
    taken: "That email address is already in use.",
  },
  signInPages: {
    help: (name: string) => `Email ${name}`,
    helpIntro: "Trouble signing in?",
    version: (version: string) => `Campfire ${version}`,
    transferTitle: "Sign in on this device",
    transferIntro: (account: string) =>
      `This link signs this device in to ${account} as the person who made it. It works once.`,
    transferAlready:
      "This device is signed in already. If you continue, it signs in as the person who made the link.",
    transfer: "Sign in",
    transferExpiredTitle: "This sign-in link doesn’t work any more",
    transferExpired:
      "Such links work once, and for 4 hours only. Make a new one under My profile on the device where you are signed in.",
    toSignIn: "Sign in with a password",
    newPasswordTitle: "Choose a new password",
    resetTitle: (name: string) => `Welcome back, ${name}`,
    resetIntro: "Choose a new password. It signs you in here, and out everywhere else.",
    resetPassword: "New password",
    reset: "Set password and sign in",
    resetExpiredTitle: "This link doesn’t work any more",
    resetExpired:
      "Such links work once, and for 24 hours only. Ask an administrator for a new one.",
    oldPageTitle: "Unsupported browser",
    oldVersion: (version: string) => `${version}+`,
    oldTitle: "Upgrade to a supported web browser",
    old: "Campfire needs a newer browser than this one. These work, and everything after them:",
    oldAnyway: "Try it anyway",
  },
};
