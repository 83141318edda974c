import { strings } from "../strings";
import type { Platform } from "./platform";

/** How this browser installs the app; null where it cannot, or offers it by itself. */
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
