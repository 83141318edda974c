import { inTime } from "./format";

/** Texts that every page may show: errors, connection, offline, the app itself. */
export const general = {
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
  connection: {
    connecting: "Connecting…",
    offline: "You are offline. What you write is kept and sent when you are back.",
    starting: "Connecting to Campfire…",
    startFailedTitle: "Campfire doesn’t answer",
  },
  notFound: {
    title: "We can’t find that",
    text: "The address leads nowhere. Perhaps it was mistyped, or what was here is gone.",
  },
  outbox: {
    roomGone: "This room is gone.",
    notAllowed: "You can’t write in this room.",
    refused: "Campfire didn’t take this message.",
    fragile:
      "This browser doesn’t keep what you write. What isn’t sent yet is only in this tab: leave it open.",
  },
  app: {
    newVersion: "A new version of Campfire is there.",
    load: "Load it",
    later: "Not now",
    offlineAsOf: (time: string) =>
      `You are offline. This is what was here ${time}. What you write is kept and sent when you are back.`,
    momentAgo: "a moment ago",
    notHereTitle: "This isn’t on this device",
    notHere:
      "Rooms that you have opened here before can be read offline. This one comes with the network.",
    install: "Campfire as an app",
    installIntro: "In a window of its own, with an icon that shows how much is unread.",
    installNow: "Install now",
    installFailed: "The app couldn’t be installed. Try it from the browser’s menu.",
    installSteps: {
      ios: [
        "Tap Share at the edge of the browser.",
        "Choose “Add to Home Screen”, then Add.",
        "Open Campfire from your home screen, and sign in once.",
      ],
      macSafari: ["Open the File menu.", "Choose “Add to Dock…”, then Add."],
      edge: ["Open the browser’s menu (…).", "Choose “Apps”, then “Install this site as an app”."],
      androidFirefox: ["Open the browser’s menu (⋮).", "Choose “Add to Home screen” or “Install”."],
      androidChrome: [
        "Open the browser’s menu (⋮).",
        "Choose “Add to Home screen”, then “Install”.",
      ],
      samsung: ["Open the browser’s menu (☰).", "Choose “Add page to”, then “Home screen”."],
    },
  },
};
