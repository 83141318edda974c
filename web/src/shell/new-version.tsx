import { Sparkles, X } from "lucide-react";
import { useState } from "react";
import { activateNewVersion } from "../device/service-worker";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/button";
import { focusPage } from "../ui/focus-page";
import { useHasNewVersion } from "./use-service-worker";

/** Offers to load a new version of the app. Otherwise it loads with the next visit. */
export function NewVersion() {
  const hasNewVersion = useHasNewVersion();
  const [isDismissed, setIsDismissed] = useState(false);
  const dismiss = () => {
    setIsDismissed(true);
    // The button disappears, so the focus moves to the page.
    focusPage();
  };
  return (
    <div className="new-version" role="status">
      {hasNewVersion && !isDismissed && (
        <div className="new-version__card">
          <Sparkles aria-hidden="true" />
          <span className="new-version__text">{strings.app.newVersion}</span>
          <Button onClick={activateNewVersion}>{strings.app.load}</Button>
          <IconButton label={strings.app.later} onClick={dismiss}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </div>
  );
}
