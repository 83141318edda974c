import { useId } from "react";
import { isInstalled } from "../device/install-prompt";
import { platform } from "../device/platform";
import { strings } from "../strings";
import { Dialog } from "../ui/dialog";
import { helpFor } from "./help";
import { HelpSections } from "./help-sections";

/** Explains where to allow notifications. */
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
