/** Texts of push notifications. */
export const push = {
  push: {
    title: "Notifications",
    intro: "Get notified while Campfire is closed. Each room’s notification setting applies.",
    failed: "The notification settings couldn’t be loaded",
    states: {
      on: "This device notifies you.",
      off: "This device doesn’t notify you.",
      denied: "This browser doesn’t let Campfire notify you.",
      install_first: "On iPhones and iPads, only apps on the home screen can show notifications.",
      unsupported: "This browser doesn’t support notifications. Use a newer one or another device.",
      insecure:
        "Notifications need a secure connection (https://). Ask the operator of this server.",
      switched_off: "Notifications are turned off on this server.",
    },
    turnOn: "Turn on notifications",
    turnOff: "Turn off",
    turnOnHere: "Turn on notifications on this device",
    whyNot: "Why this device doesn’t notify you",
    notAllowed: "Notifications aren’t allowed",
    notAllowedIntro:
      "A setting on this device blocks Campfire’s notifications. Here’s how to change it.",
    unsupported: "This browser doesn’t support notifications.",
    noService:
      "Your browser couldn’t reach its notification service. Check your connection, or try another browser.",
    changeFailed: (reason: string) => `That wasn’t changed. ${reason}`,
    devices: "Devices that notify you",
    thisDevice: "This device",
    added: (when: string) => `added ${when}`,
    through: (host: string) => `through ${host}`,
    test: "Test",
    testOf: (device: string) => `Send a test notification to ${device}`,
    tested: "A test notification is on its way.",
    testFailed: (reason: string) => `The test wasn’t sent. ${reason}`,
    remove: "Remove",
    removeOf: (device: string) => `No more notifications on ${device}`,
    removed: (device: string) => `${device} no longer notifies you.`,
    removeFailed: (reason: string) => `That device wasn’t removed. ${reason}`,
    parts: {
      browser: "Allow it in the browser",
      system: "Allow it in the system",
      install: "Install Campfire as an app",
    },
    browserSteps: {
      chromium: [
        "Click the icon to the left of the address.",
        "Set “Notifications” to “Allow”.",
        "Load the page again, and turn notifications on.",
      ],
      firefox: [
        "Click the icons to the left of the address.",
        "Remove “Blocked” beside “Send notifications”.",
        "Load the page again, and turn notifications on.",
      ],
      safari: [
        "Open Safari’s settings, then “Websites”.",
        "Choose “Notifications” in the list on the left.",
        "Set this site to “Allow”.",
      ],
      android: [
        "Tap the icon to the left of the address.",
        "Open “Permissions”.",
        "Allow notifications.",
      ],
      other: [
        "Open your browser’s settings for this site.",
        "Allow notifications.",
        "Load the page again, and turn notifications on.",
      ],
    },
    systemSteps: {
      macos: [
        "Open System Settings, then “Notifications”.",
        "Choose your browser, or Campfire if it is installed.",
        "Allow notifications, and check that no Focus hides them.",
      ],
      windows: [
        "Open Settings, then “System”, “Notifications”.",
        "Turn them on, also for your browser.",
        "Check that “Do not disturb” is off.",
      ],
      ios: [
        "Open Settings, then “Notifications”.",
        "Choose Campfire.",
        "Allow notifications, and choose where they appear.",
      ],
      android: [
        "Open Settings, then “Notifications” or “Apps”.",
        "Choose Campfire, or your browser.",
        "Allow notifications.",
      ],
      other: [
        "Open your system’s settings for notifications.",
        "Allow notifications from your browser.",
      ],
    },
  },
};
