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
};

/** "in 40 seconds", "in 3 minutes", in the language of the catalogue. */
function inTime(seconds: number): string {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });
  return seconds < 90
    ? format.format(seconds, "second")
    : format.format(Math.ceil(seconds / 60), "minute");
}
