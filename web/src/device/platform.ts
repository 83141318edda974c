// Detects browser and system for help texts. Features are detected separately.

export type Browser = "chrome" | "edge" | "firefox" | "safari" | "samsung" | "other";
export type System = "ios" | "android" | "macos" | "windows" | "linux" | "other";

export interface Platform {
  browser: Browser;
  system: System;
}

/** iPads identify as Macs; Macs have no touch screen. */
export function platformOf(userAgent: string, touchPoints: number): Platform {
  return { browser: browserIn(userAgent), system: systemIn(userAgent, touchPoints) };
}

export function platform(): Platform {
  return platformOf(navigator.userAgent, navigator.maxTouchPoints ?? 0);
}

function browserIn(text: string): Browser {
  if (/\bEdg(?:A|iOS|e)?\//.test(text)) return "edge";
  if (/\bSamsungBrowser\//.test(text)) return "samsung";
  if (/\bOPR\/|\bVivaldi\//.test(text)) return "other";
  if (/\bFirefox\/|\bFxiOS\//.test(text)) return "firefox";
  if (/Chrom(?:e|ium)\/|\bCriOS\//.test(text)) return "chrome";
  return /\bSafari\//.test(text) ? "safari" : "other";
}

function systemIn(text: string, touchPoints: number): System {
  if (/\biPhone\b|\biPad\b|\biPod\b/.test(text)) return "ios";
  if (/\bMacintosh\b/.test(text)) return touchPoints > 1 ? "ios" : "macos";
  if (/\bAndroid\b/.test(text)) return "android";
  if (/\bWindows\b/.test(text)) return "windows";
  return /\bLinux\b|\bCrOS\b/.test(text) ? "linux" : "other";
}
