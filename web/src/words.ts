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
    newestFailed: "The newest messages couldn’t be loaded.",
    outOfDate: "What you see may not be up to date.",
    jump: "Jump to newest message",
    arrived: (count: number) => (count === 1 ? "1 new message" : `${count} new messages`),
    newSince: "New since your last visit",
    sending: "Sending",
    waiting: "Waiting for the network",
    failed: "Not sent.",
    retry: "Retry",
    remove: "Delete",
    edited: "edited",
    editedAt: (time: string) => `Last changed ${time}`,
    deactivated: "no longer here",
    unrenderable: "This message could not be shown",
    editor: "Edit message",
    editorLoading: "Opening the editor…",
    editorFailed: "The message couldn’t be opened for editing.",
    saveFailed: (reason: string) => `Not saved. ${reason}`,
    saving: "Saving…",
    save: "Save changes",
    removeWhileEditing: "Delete message",
    discard: "Close editor and discard changes",
    changedMeanwhile: "Somebody changed this message while you were editing. Saving replaces that.",
    removedMeanwhile:
      "This message was deleted while you were editing. Copy what you want to keep.",
  },

  composer: {
    field: "Write a message",
    send: "Send Message",
    noFiles: "Files can’t be sent yet. Describe it in words for now.",
    nearLimit: (percent: number) => `${percent} % of the longest message`,
    tooLong: "This message is too long to be sent. Shorten it, or send it in parts.",
    replaced: "What you were writing was put aside.",
    restore: "Bring it back",
    playing: (name: string) => `Playing ${name}…`,
    typing: (names: string[]) =>
      `${new Intl.ListFormat("en").format(names)} ${names.length === 1 ? "is" : "are"} typing…`,
    full: "Too many messages are waiting to be sent. Wait until the network is back.",
  },

  editor: {
    toolbar: "Formatting",
    richText: "Rich text",
    bold: "Bold",
    italic: "Italic",
    strike: "Strikethrough",
    link: "Link",
    inlineCode: "Inline code",
    heading: "Heading",
    quote: "Quote",
    code: "Code block",
    bullets: "Bullets",
    numbers: "Numbers",
    indent: "Increase level",
    outdent: "Decrease level",
    address: "Enter a URL…",
    setLink: "Link",
    unlink: "Unlink",
    noAddress: "That is no address a message can link to.",
    remove: "Remove",
    sendHint: (command: string) => `${command}Enter sends`,
    saveHint: (command: string) => `${command}Enter saves`,
    people: "People to mention",
    sounds: "Sounds to play",
    suggestions: (count: number) => (count === 1 ? "1 suggestion" : `${count} suggestions`),
  },

  drafts: {
    unsent: "Draft",
  },

  sidebar: {
    label: "Rooms and people",
    directs: "Pings",
    rooms: "Rooms",
    open: "Open menu",
    close: "Close menu",
    unread: "Unread",
    shortcuts: "Shortcuts",
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

  boosts: {
    list: "Boosts",
    boosted: (name: string, content: string) => `${name} boosted ${content}`,
    repeat: "Press to boost the same",
    hint: "Press enter to delete this boost",
    remove: "Delete this boost",
    add: "Add a boost",
    create: "New boost",
    field: "Boost",
    submit: "Submit boost",
    cancel: "Cancel boost",
    emoji: "Choose an emoji",
    search: "Search emoji",
    noEmoji: "No emoji found",
    pickerFailed: "The emoji couldn’t be loaded.",
    failed: (reason: string) => `Your boost wasn’t added. ${reason}`,
    removeFailed: (reason: string) => `Your boost wasn’t deleted. ${reason}`,
    quick: {
      "👍": "Thumbs up",
      "👏": "Clapping",
      "👋": "Waving hand",
      "💪": "Muscle",
      "❤️": "Red heart",
      "😂": "Face with tears of joy",
      "🎉": "Party popper",
      "🔥": "Fire",
    },
  },

  sounds: {
    play: (name: string) => `Play ${name}`,
    blocked: "Your browser plays sounds only after you have clicked something here.",
    failed: "This sound couldn’t be played.",
    mute: "Mute sounds",
    unmute: "Unmute sounds",
    muted: "Sounds are muted.",
  },

  members: {
    open: "Who is in this room",
    title: "In this room",
    here: (count: number) => (count === 1 ? "1 is here" : `${count} are here`),
    present: "here now",
    bot: "bot",
    you: "you",
    none: "There is nobody in this room.",
    failed: "The people in this room couldn’t be loaded.",
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

  inbox: {
    title: "Inbox",
    unread: (count: number) => `${count} unread`,
    mention: (name: string) => `${name} mentioned you`,
    reply: (name: string) => `${name} replied to you`,
    in: (room: string) => `in ${room}`,
    isNew: "New",
    emptyTitle: "Nothing here yet",
    empty: "When somebody mentions you or replies to you, it shows up here.",
    failedTitle: "Your inbox couldn’t be loaded",
    more: "Load more",
    moreFailed: "More couldn’t be loaded.",
  },

  bookmarks: {
    title: "Bookmarks",
    emptyTitle: "No bookmarks yet",
    empty: "Bookmark a message from its menu to find it again here.",
    failedTitle: "Your bookmarks couldn’t be loaded",
    remove: "Remove bookmark",
  },

  switcher: {
    title: "Go to a room or person",
    field: "Room or person",
    placeholder: "Where to?",
    results: "Rooms and people",
    none: "Nothing found",
    count: (count: number) => (count === 1 ? "1 result" : `${count} results`),
    person: "Ping",
    room: "Room",
    failed: (reason: string) => `The conversation couldn’t be opened. ${reason}`,
    peopleFailed: "People couldn’t be loaded.",
  },

  keyboard: {
    title: "Keyboard",
    open: "Keyboard help",
    or: "or",
    sections: {
      everywhere: "Everywhere",
      messages: "Messages",
      composer: "Writing",
      editing: "Editing a message",
      boosting: "Boosting",
    },
    keys: {
      skip: "Skip to the main content",
      switcher: "Go to a room or person",
      help: "Show this help",
      close: "Close menus and dialogs",
      undo: "Undo deleting a message",
      walk: "Previous or next message",
      send: "Send",
      sendAlways: "Send, also with the toolbar open",
      lineBreak: "Line break",
      editLast: "Edit my last message, when nothing is written yet",
      mention: "Mention somebody",
      accept: "Accept the suggestion",
      save: "Save",
      discard: "Close the editor and discard changes",
      boost: "Boost, or show how to delete one’s own",
      cancelBoost: "Cancel",
    },
    names: {
      ctrl: "Ctrl",
      command: "⌘",
      shift: "Shift",
      enter: "Enter",
      escape: "Esc",
      tab: "Tab",
      up: "↑",
      down: "↓",
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
