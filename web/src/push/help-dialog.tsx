import { useId } from "react";
import { isInstalled } from "../device/install-prompt";
import { platform } from "../device/platform";
import { words } from "../strings";
import { Dialog } from "../ui/dialog";
import { helpFor } from "./help";
import { HelpParts } from "./help-sections";

/** Tells where to look when notifications are not allowed. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  return (
    <Dialog title={words.push.notAllowed} describedBy={id} onClose={onClose}>
      <p id={id} className="panel__note">
        {words.push.notAllowedIntro}
      </p>
      <HelpParts parts={helpFor(platform(), isInstalled())} />
    </Dialog>
  );
}
