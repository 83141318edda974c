import { strings } from "../strings";

/** What a browser says about itself, in words people know. */
export interface DeviceInfo {
  browser: string | null;
  system: string | null;
  isMobile: boolean;
}

/** From special to general: most browsers also claim to be those further down. */
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

/** Reads a `User-Agent` header. What it does not know it leaves out rather than guess. */
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

/** "Firefox on Linux"; what is not known is left out. */
export function deviceName(userAgent: string | null | undefined): string {
  const { browser, system } = parseUserAgent(userAgent);
  if (browser && system) return strings.devices.on(browser, system);
  return browser ?? system ?? strings.devices.unknown;
}
