// Chooses instructions for allowing notifications.

import { installSteps } from "../device/install-steps";
import type { Platform } from "../device/platform";
import { strings } from "../strings";

export interface HelpSection {
  name: "browser" | "system" | "install";
  steps: readonly string[];
}

/** What may prevent notifications on this device, most likely first. */
export function helpFor(platform: Platform, isInstalled: boolean): HelpSection[] {
  const install = isInstalled ? null : installSteps(platform);
  const parts: HelpSection[] = [];
  // An installed app on an iPhone has no browser settings.
  if (platform.system !== "ios") parts.push({ name: "browser", steps: browserSteps(platform) });
  if (isInstalled) parts.push({ name: "system", steps: systemSteps(platform) });
  if (install) parts.push({ name: "install", steps: install });
  return parts;
}

function browserSteps({ browser, system }: Platform): readonly string[] {
  const steps = strings.push.browserSteps;
  if (system === "android") return steps.android;
  if (browser === "chrome" || browser === "edge") return steps.chromium;
  if (browser === "firefox") return steps.firefox;
  if (browser === "safari") return steps.safari;
  return steps.other;
}

function systemSteps({ system }: Platform): readonly string[] {
  const steps = strings.push.systemSteps;
  return system === "linux" || system === "other" ? steps.other : steps[system];
}
