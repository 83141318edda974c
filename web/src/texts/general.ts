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
        ? "Too many attempts. Try again in a little while."
        : `Too many attempts. Try again ${inTime(seconds)}.`,
    of: (status: number) => {
      if (status === 401) return "You aren’t signed in.";
      if (status === 403) return "You aren’t allowed to do that.";
      if (status === 404) return "That doesn’t exist, or you don’t have access to it.";
      if (status === 413) return "That is too large.";
      if (status >= 500) return "Campfire has a problem right now. Try again in a little while.";
      return "That didn’t work.";
    },
  },
  connection: {
    connecting: "Connecting…",
    offline: "You’re offline. Your messages are saved and sent when you’re back online.",
    starting: "Connecting to Campfire…",
    startFailedTitle: "Campfire isn’t responding",
  },
  notFound: {
    title: "Page not found",
    text: "The address may be mistyped, or the page no longer exists.",
  },
  outbox: {
    roomGone: "This room no longer exists.",
    notAllowed: "You can’t post in this room.",
    refused: "Campfire rejected this message.",
    fragile:
      "This browser can’t save your messages. Unsent messages exist only in this tab: keep it open.",
  },
  app: {
    newVersion: "A new version of Campfire is available.",
    load: "Load it",
    later: "Not now",
    offlineAsOf: (time: string) =>
      `You’re offline. This page was last updated ${time}. Your messages are saved and sent when you’re back online.`,
    momentAgo: "a moment ago",
    notHereTitle: "Not available offline",
    notHere:
      "Rooms that you’ve opened on this device can be read offline. This one loads when you’re back online.",
    install: "Install Campfire",
    installIntro: "It gets its own window, and an icon that shows the number of unread rooms.",
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
