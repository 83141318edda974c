// Which browser and system this is, for telling people where to find a setting. Only for words: what a
// browser can do is asked of the browser.

export type Browser = "chrome" | "edge" | "firefox" | "safari" | "samsung" | "other";
export type System = "ios" | "android" | "macos" | "windows" | "linux" | "other";

export interface Platform {
  browser: Browser;
  system: System;
}

/** iPads call themselves Macs; a Mac has no touch screen. */
export function platformOf(userAgent: string, touchPoints: number): Platform {
  return { browser: browserIn(userAgent), system: systemIn(userAgent, touchPoints) };
}

/** This device's. */
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
