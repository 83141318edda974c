import { strings } from "../strings";
import type { Platform } from "./platform";

/** Instructions for installing the app in this browser; null if it cannot, or has a prompt. */
export function installSteps({ browser, system }: Platform): readonly string[] | null {
  const steps = strings.app.installSteps;
  if (system === "ios") return steps.ios;
  if (system === "android") {
    if (browser === "firefox") return steps.androidFirefox;
    if (browser === "samsung") return steps.samsung;
    return browser === "chrome" || browser === "edge" ? steps.androidChrome : null;
  }
  if (browser === "safari" && system === "macos") return steps.macSafari;
  return browser === "edge" ? steps.edge : null;
}
