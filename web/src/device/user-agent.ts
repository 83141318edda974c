import { strings } from "../strings";

/** A browser and system by name, as read from the user agent. */
export interface DeviceInfo {
  browser: string | null;
  system: string | null;
  isMobile: boolean;
}

/** Specific patterns first: most browsers also claim to be the later ones. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:A|iOS|e)?\//, "Edge"],
  [/\bOPR\/|\bOpera/, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrome\/|\bChromium\/|\bCriOS\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** Parses a `User-Agent` header. Unknown parts are null. */
export function parseUserAgent(userAgent: string | null | undefined): DeviceInfo {
  const text = userAgent ?? "";
  return {
    browser: find(browsers, text),
    system: find(systems, text),
    isMobile: /\bMobile\b|\biPhone\b|\biPad\b|\bAndroid\b/.test(text),
  };
}

function find(known: [RegExp, string][], text: string): string | null {
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** "Firefox on Linux". */
export function deviceName(userAgent: string | null | undefined): string {
  const { browser, system } = parseUserAgent(userAgent);
  if (browser && system) return strings.devices.on(browser, system);
  return browser ?? system ?? strings.devices.unknown;
}
