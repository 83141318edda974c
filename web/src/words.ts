const number = new Intl.NumberFormat("en");

/** Every text a person can read or hear, in one place, so that it can be translated. */
export const words = {
  product: "Campfire",
  skip: "Skip to main content",
  retry: "Try again",
  goHome: "Back to the rooms",
  loading: "Loading…",
  copy: "Copy link",
  copied: "Copied",

  problems: {
    unreachable: "Campfire can’t be reached right now. Check your connection and try again.",
    unexpected: "Something went wrong. Try again.",
    tooMany: (seconds: number | null) =>
      seconds === null
        ? "That was too often. Try again in a little while."
        : `That was too often. Try again ${inTime(seconds)}.`,
    of: (status: number) => {
      if (status === 401) return "You are not signed in.";
      if (status === 403) return "You are not allowed to do that.";
      if (status === 404) return "That isn’t here, or isn’t for you to see.";
      if (status === 413) return "That is too large.";
      if (status >= 500) return "Campfire has a problem right now. Try again in a little while.";
      return "That didn’t work.";
    },
  },

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
    taken: "Somebody with this email address is here already.",
  },

  connection: {
    connecting: "Connecting…",
    offline: "You are offline. What you write is kept and sent when you are back.",
    starting: "Connecting to Campfire…",
    startFailedTitle: "Campfire doesn’t answer",
  },

  rooms: {
    noneTitle: "No rooms yet",
    none: "As soon as somebody lets you into a room, it shows up here.",
    emptyTitle: (room: string) => `It’s quiet in ${room}`,
    empty: "Nobody has written anything yet. Break the ice!",
    ping: (names: string) => `Ping with ${names}`,
    pingWith: "Ping with",
    goneTitle: "Room not found",
    gone: "It does not exist any more, or you are not in it.",
    forbiddenTitle: "This room is closed to you",
    forbidden: "Ask an administrator if you should be in here.",
    failedTitle: "The messages couldn’t be loaded",
    welcomeTitle: "Welcome to Campfire",
    welcome: "To invite people to chat, share the join link below.",
    joinLink: "Join link",
  },

  messages: {
    log: "Messages",
    loadingOlder: "Loading older messages…",
    loadingNewer: "Loading newer messages…",
    olderFailed: "Older messages couldn’t be loaded.",
    newerFailed: "Newer messages couldn’t be loaded.",
    jump: "Jump to newest message",
    sending: "Sending",
    waiting: "Waiting for the network",
    failed: "Not sent.",
    retry: "Retry",
    remove: "Delete",
    edited: "edited",
    boosted: (name: string, content: string) => `${name} boosted ${content}`,
    unrenderable: "Failed to load message content",
  },

  composer: {
    field: "Write a message",
    send: "Send Message",
    full: "Too many messages are waiting to be sent. Wait until the network is back.",
  },

  sidebar: {
    label: "Rooms and people",
    directs: "Pings",
    rooms: "Rooms",
    open: "Open menu",
    close: "Close menu",
    unread: "Unread",
    unreadTitle: (count: number, title: string) => `(${count}) ${title}`,
    failed: "The rooms couldn’t be loaded.",
  },

  actions: {
    open: "Message actions",
    reply: "Reply",
    copyLink: "Copy link",
    copied: "Link copied",
    copyFailed: "The link couldn’t be copied.",
    edit: "Edit",
    remove: "Delete",
    bookmark: "Bookmark",
    unbookmark: "Remove bookmark",
    bookmarkFailed: "The bookmark couldn’t be changed.",
    markUnread: "Mark unread from here",
    markedUnread: "Marked as unread.",
    markUnreadFailed: "That couldn’t be marked as unread.",
    removeTitle: "Delete this message?",
    removeText: "Are you sure you want to delete this message?",
    removed: "Message deleted",
    undo: "Undo",
    restored: "Message restored",
    restoreFailed: (reason: string) => `The message couldn’t be restored. ${reason}`,
    tooLate: "It is too late to undo that.",
    cancel: "Cancel",
    close: "Close",
  },

  involvement: {
    label: "Notifications for this room",
    failed: "That couldn’t be changed.",
    levels: {
      mentions: "Notifying about @ mentions",
      everything: "Notifying about all messages",
      nothing: "Notifications are off",
      invisible: "Notifications are off and room invisible in sidebar",
    },
  },

  notFound: {
    title: "We can’t find that",
    text: "The address leads nowhere. Perhaps it was mistyped, or what was here is gone.",
  },

  outbox: {
    roomGone: "This room is gone.",
    notAllowed: "You can’t write in this room.",
    refused: "Campfire didn’t take this message.",
  },

  panel: {
    back: "Back",
    save: "Save",
    saved: "Saved.",
    more: "Show more",
    moreFailed: "More couldn’t be loaded.",
    left: (characters: number) =>
      characters === 1 ? "1 character left" : `${number.format(characters)} characters left`,
    showQr: "Show QR code",
    share: "Share",
    qrOf: (url: string) => `QR code for ${url}`,
  },

  people: {
    failedTitle: "The people couldn’t be loaded",
    filter: "Filter…",
    none: "Nobody’s name fits.",
    you: "you",
    administrator: "administrator",
    bot: "bot",
    banned: "banned",
    deactivated: "no longer here",
    profileTitle: (name: string) => name,
    unknownTitle: "There is nobody here",
    unknown: "This person doesn’t exist, or is not on this account any more.",
    ping: "Ping",
    pingFailed: (reason: string) => `The ping couldn’t be started. ${reason}`,
    edit: "My settings",
    email: (name: string) => `Email ${name}`,
    gone: (name: string) => `${name} is no longer on this account`,
    blockedNote: (name: string) => `You have blocked ${name}.`,
    block: (name: string) => `Block ${name}`,
    unblock: (name: string) => `Unblock ${name}`,
    blockText:
      "They won’t be able to ping you or write in the ping of just you two. They aren’t told. In shared rooms you still see each other.",
    blockAction: "Block",
    blocked: (name: string) => `${name} is blocked.`,
    unblocked: (name: string) => `${name} is not blocked any more.`,
    administration: "Administration",
    resetTitle: "Share to get them back into their account",
    resetIntro:
      "Makes a link with which this person sets a new password. It works once, for 24 hours, and is written down in the audit log.",
    resetMake: "Make a reset link",
    resetLabel: "Password reset link",
    resetShareTitle: "Link to set a new password",
    resetShareText: "Use this link to set a new password for Campfire.",
    resetUntil: (time: string) => `Works once, until ${time}.`,
    makeAdministrator: "Administrator",
    makeAdministratorHint: "Can change the account, its people and every room they are in.",
    roleFailed: (reason: string) => `The role wasn’t changed. ${reason}`,
    roleOf: (name: string) => `${name} is an administrator`,
    ban: (name: string) => `Ban ${name}`,
    banAction: "Ban",
    banText:
      "Are you sure you want to ban this user? This will log them out, delete their messages, and block their IP addresses.",
    nowBanned: (name: string) => `${name} is banned.`,
    unban: "Remove ban",
    unbanText: "Are you sure you want to remove the ban on this user?",
    unbanned: (name: string) => `${name} may come in again. Deleted messages don’t return.`,
    remove: (name: string) => `Delete ${name}`,
    removeAction: "Delete",
    removeText:
      "Are you sure you want to permanently remove this person from the account? This can’t be undone.",
    removed: (name: string) => `${name} was removed from the account.`,
  },

  roomForms: {
    newTitle: "New chat room",
    editTitle: (room: string) => `Edit settings for ${room}`,
    pingTitle: "Ping settings",
    settingsOf: "Settings for this room",
    settingsOfPing: "Settings for this Ping",
    newRoom: "New Chat Room",
    name: "Room name",
    prefilled: "New room",
    create: "Create room",
    save: "Save changes",
    who: "Who is in this room",
    everyone: "Everyone",
    giveSome: "Give only some access to this room",
    giveAll: "Give everyone access to this room",
    give: (name: string) => `Give ${name} access to this room`,
    everyoneHint: "Everybody on this account, now and later",
    someHint: "Only the people chosen below",
    you: "you are in it",
    chosen: (count: number) => (count === 1 ? "1 person" : `${number.format(count)} people`),
    hasAccess: "has access",
    restrictedTitle: "Only administrators create rooms here",
    restricted: "Ask an administrator of this account for a new room, or start a ping.",
    readOnly: "Only administrators and whoever made this room can change it.",
    closeTitle: "Close this room?",
    closeText: (room: string, count: number) =>
      `${room} is open to everyone now. After this, only ${count === 1 ? "1 person" : `${number.format(count)} people`} will see it.`,
    closeAction: "Close room",
    selfTitle: "Leave this room?",
    selfText:
      "You are taking yourself out. You won’t see this room any more unless somebody who is in it lets you back.",
    selfAction: "Save and leave",
    nobody: "Choose at least one person: a room without people is lost to everybody.",
    saved: (room: string) => `${room} was saved.`,
    leave: "Leave room",
    leavePing: "Leave ping",
    leaveTitle: (room: string) => `Leave ${room}?`,
    leaveText:
      "You won’t see this room any more unless somebody who is in it lets you back. What you wrote stays.",
    leaveOpen:
      "This room is open to everyone. You can’t leave it, but you can hide it with the bell.",
    left: (room: string) => `You left ${room}.`,
    remove: (room: string) => `Delete ${room}`,
    removePing: "Delete ping",
    removeTitle: (room: string) => `Delete ${room}?`,
    removeText:
      "Are you sure you want to delete this room and all messages in it? This can’t be undone.",
    removePingText:
      "Are you sure you want to delete this ping and all messages in it? This can’t be undone.",
    removeFor: (count: number) =>
      count === 1
        ? "It is lost for 1 person."
        : `It is lost for all ${number.format(count)} people in it.`,
    removeAction: "Delete for good",
    removed: (room: string) => `${room} was deleted.`,
    goneTitle: "Room not found",
    gone: "It does not exist any more, or you are not in it.",
    failedTitle: "The room couldn’t be loaded",
  },

  pings: {
    open: "New Ping",
    title: "New Ping",
    field: "Who do you want to ping?",
    hint: "Type names to ping someone…",
    start: "Start Ping",
    remove: (name: string) => `Remove ${name}`,
    chosen: "Chosen people",
    suggestions: "People",
    none: "Nobody’s name fits.",
    count: (count: number) =>
      count === 1 ? "1 person found" : `${number.format(count)} people found`,
    added: (name: string) => `${name} added.`,
    removed: (name: string) => `${name} removed.`,
    failed: "People couldn’t be loaded.",
  },

  profile: {
    open: "My Settings",
    title: "My profile",
    failedTitle: "Your profile couldn’t be loaded",
    about: "About you",
    name: "Name",
    email: "Email address",
    bio: "Bio",
    bioPlaceholder: "A few words about yourself…",
    changePassword: "Change password",
    newPassword: "New password",
    passwordHint: "At least 8 characters",
    passwordNote: "Changing it signs you out on every other device. This one stays signed in.",
    passwordSaved: "Your password is changed. Your other devices are signed out.",
    taken: "Somebody with this email address is here already.",
    save: "Save",
    rooms: "Your rooms",
    roomsIntro: "How much you want to hear from each of them.",
    roomsFailed: "Your rooms couldn’t be loaded",
    noRooms: "You are in no room yet.",
    shared: "Rooms",
    pings: "Pings",
    transfer: "Sign in on another device",
    transferIntro:
      "Makes a link that signs in as you, for instance on your phone. It works once, for 4 hours. Never give it to anybody else.",
    transferMake: "Make a sign-in link",
    transferLabel: "Your private sign-in link",
    transferShareTitle: "Link to sign in to Campfire",
    transferShareText: "This is your own private sign-in URL, DO NOT SHARE IT.",
    preferences: "Preferences",
    repliesNotify: "Replies in the inbox",
    repliesNotifyHint: "When somebody replies to one of your messages, it shows up in your inbox.",
    preferencesFailed: "Your preferences couldn’t be loaded",
    preferenceFailed: (reason: string) => `That wasn’t saved. ${reason}`,
    blocks: "Blocked people",
  },

  devices: {
    title: "Your devices",
    intro: "Where you are signed in. Sign out what you don’t know or don’t use any more.",
    failed: "Your devices couldn’t be loaded",
    current: "This device",
    unknown: "Unknown device",
    on: (browser: string, system: string) => `${browser} on ${system}`,
    active: (when: string) => `last active ${when}`,
    signOut: "Sign out",
    signOutOf: (device: string) => `Sign out ${device}`,
    signedOut: (device: string) => `${device} is signed out.`,
    signOutFailed: (reason: string) => `That device wasn’t signed out. ${reason}`,
    signOutOthers: "Sign out all other devices",
    signOutOthersTitle: "Sign out all other devices?",
    signOutOthersText: "You’ll have to sign in again on each of them. This one stays signed in.",
    othersSignedOut: "All other devices are signed out.",
  },

  account: {
    open: "Account Settings",
    title: "Account settings",
    failedTitle: "The account couldn’t be loaded",
    name: "Account name",
    saveName: "Save",
    restrict: "Must be admin to create new rooms",
    restrictFailed: (reason: string) => `That wasn’t saved. ${reason}`,
    invite: "Share to invite more people",
    joinLink: "Join link",
    joinShareTitle: "Link to join Campfire",
    joinShareText: "Hit this link to join me in Campfire and start chatting.",
    regenerate: "Regenerate join link",
    regenerateTitle: "Regenerate the join link?",
    regenerateText:
      "The present link stops working at once, wherever it was shared. People who joined with it stay.",
    regenerateAction: "Regenerate",
    regenerated: "There is a new join link.",
    people: "People",
    administrators: "Administrators",
    members: "Members",
    styles: "Custom styles",
    audit: "Audit log",
    version: (version: string) => `Campfire version ${version}`,
    adminsOnlyTitle: "For administrators",
    adminsOnly: "Ask an administrator of this account if this should be changed.",

    stylesTitle: "Custom styles",
    stylesLabel: "Custom CSS",
    stylesWarning: "Use Caution: you could break things.",
    stylesSafe: (address: string) =>
      `If you can’t use Campfire any more, open ${address} – it leaves custom styles out.`,
    stylesPreview: "Preview",
    stylesPreviewHint: "Shows the styles to you alone while you write, until you save or leave.",
    stylesNoRules: "Nothing in this is understood as CSS.",
    stylesTooLong: (kilobytes: number) => `Styles can have ${number.format(kilobytes)} KB at most.`,
    stylesSave: "Save for everyone",
    stylesSaved: "The styles are saved. Everybody sees them when their page loads anew.",
    stylesReset: "Remove all custom styles",
    stylesResetTitle: "Remove all custom styles?",
    stylesResetText:
      "Campfire looks as it came, for everyone. You can take this back for a moment.",
    stylesResetAction: "Remove",
    stylesRemoved: "Custom styles are removed.",
  },

  audit: {
    title: "Audit log",
    failedTitle: "The audit log couldn’t be loaded",
    emptyTitle: "Nothing yet",
    empty: "What administrators change, and who joins, is written down here.",
    system: "Campfire",
    nobody: "somebody",
    address: (ip: string) => `from ${ip}`,
    actions: {
      "user.joined": (actor: string) => `${actor} joined`,
      "user.role_changed": (actor: string, subject: string) =>
        `${actor} changed the role of ${subject}`,
      "user.deactivated": (actor: string, subject: string) =>
        `${actor} removed ${subject} from the account`,
      "user.banned": (actor: string, subject: string) => `${actor} banned ${subject}`,
      "user.unbanned": (actor: string, subject: string) => `${actor} removed the ban on ${subject}`,
      "user.password_reset_link": (actor: string, subject: string) =>
        `${actor} made a password reset link for ${subject}`,
      "account.renamed": (actor: string) => `${actor} renamed the account`,
      "account.settings_changed": (actor: string) => `${actor} changed the account’s settings`,
      "account.styles_changed": (actor: string) => `${actor} changed the custom styles`,
      "account.join_code_regenerated": (actor: string) => `${actor} regenerated the join link`,
      "room.created": (actor: string, subject: string) => `${actor} created the room ${subject}`,
      "room.deleted": (actor: string, subject: string) => `${actor} deleted the room ${subject}`,
      "room.type_changed": (actor: string, subject: string) =>
        `${actor} changed who the room ${subject} is for`,
      "room.renamed": (actor: string, subject: string) => `${actor} renamed the room ${subject}`,
      "room.members_changed": (actor: string, subject: string) =>
        `${actor} changed who is in the room ${subject}`,
      "session.revoked": (actor: string) => `${actor} signed a device out`,
      "bot.created": (actor: string, subject: string) => `${actor} added the bot ${subject}`,
      "bot.updated": (actor: string, subject: string) => `${actor} changed the bot ${subject}`,
      "bot.removed": (actor: string, subject: string) => `${actor} removed the bot ${subject}`,
      "bot.key_changed": (actor: string, subject: string) =>
        `${actor} changed the key of the bot ${subject}`,
    } as Record<string, (actor: string, subject: string) => string>,
    other: (actor: string, action: string, subject: string) =>
      [`${actor}: ${action}`, subject].filter(Boolean).join(" – "),
  },

  doors: {
    help: (name: string) => `Email ${name}`,
    helpIntro: "Trouble signing in?",
    version: (version: string) => `Campfire ${version}`,
    transferTitle: "Sign in on this device",
    transferIntro: (account: string) =>
      `This link signs this device in to ${account} as whoever made it. It works once.`,
    transferAlready:
      "This device is signed in already. Going on signs it in as whoever made the link.",
    transfer: "Sign in",
    transferExpiredTitle: "This sign-in link doesn’t work any more",
    transferExpired:
      "Such links work once, and for 4 hours only. Make a new one under My profile on the device where you are signed in.",
    toSignIn: "Sign in with a password",
    resetTitle: (name: string) => `Welcome back, ${name}`,
    resetIntro: "Choose a new password. It signs you in here, and out everywhere else.",
    resetPassword: "New password",
    reset: "Set password and sign in",
    resetExpiredTitle: "This link doesn’t work any more",
    resetExpired:
      "Such links work once, and for 24 hours only. Ask an administrator for a new one.",
    oldTitle: "Upgrade to a supported web browser",
    old: "Campfire needs a newer browser than this one. These work, and everything after them:",
    oldAnyway: "Try it anyway",
  },
};

/** "in 40 seconds", "in 3 minutes", in the language of the catalogue. */
function inTime(seconds: number): string {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  return seconds < 90
    ? format.format(seconds, "second")
    : format.format(Math.ceil(seconds / 60), "minute");
}
