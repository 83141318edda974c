// Which steps to show to somebody whose device does not notify.
import type { Platform } from "../device/platform";
import { words } from "../words";

export interface HelpPart {
  name: "browser" | "system" | "install";
  steps: readonly string[];
}

/** What may stand in the way on this device, the likeliest first. */
export function helpFor(platform: Platform, isInstalled: boolean): HelpPart[] {
  const install = isInstalled ? null : installSteps(platform);
  const parts: HelpPart[] = [];
  // An installed app on an iPhone has no browser around it.
  if (platform.system !== "ios") parts.push({ name: "browser", steps: browserSteps(platform) });
  if (isInstalled) parts.push({ name: "system", steps: systemSteps(platform) });
  if (install) parts.push({ name: "install", steps: install });
  return parts;
}

function browserSteps({ browser, system }: Platform): readonly string[] {
  const steps = words.push.browserSteps;
  if (system === "android") return steps.android;
  if (browser === "chrome" || browser === "edge") return steps.chromium;
  if (browser === "firefox") return steps.firefox;
  if (browser === "safari") return steps.safari;
  return steps.other;
}

function systemSteps({ system }: Platform): readonly string[] {
  const steps = words.push.systemSteps;
  return system === "linux" || system === "other" ? steps.other : steps[system];
}

/** How this browser installs the app; null where it cannot, or offers it by itself. */
export function installSteps({ browser, system }: Platform): readonly string[] | null {
  const steps = words.app.installSteps;
  if (system === "ios") return steps.ios;
  if (system === "android") {
    if (browser === "firefox") return steps.androidFirefox;
    if (browser === "samsung") return steps.samsung;
    return browser === "chrome" || browser === "edge" ? steps.androidChrome : null;
  }
  if (browser === "safari" && system === "macos") return steps.macSafari;
  return browser === "edge" ? steps.edge : null;
}
