import { useId } from "react";
import { isInstalled } from "../device/install-prompt";
import { platform } from "../device/platform";
import { strings } from "../strings";
import { Dialog } from "../ui/dialog";
import { helpFor } from "./help";
import { HelpSections } from "./help-sections";

/** Tells where to look when notifications are not allowed. */
export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  return (
    <Dialog title={strings.push.notAllowed} describedBy={id} onClose={onClose}>
      <p id={id} className="panel__note">
        {strings.push.notAllowedIntro}
      </p>
      <HelpSections parts={helpFor(platform(), isInstalled())} />
    </Dialog>
  );
}
