import { strings } from "../strings";
import { Dialog } from "../ui/dialog";
import { PingForm } from "./ping-form";

interface Props {
  onClose: () => void;
  /** Called when the ping was created, and its room opens. */
  onDone: () => void;
}

/** The form for a new ping as a dialog. */
export default function NewPingDialog({ onClose, onDone }: Props) {
  return (
    <Dialog title={strings.pings.title} className="new-ping" onClose={onClose} fieldFirst>
      <PingForm onDone={onDone} />
    </Dialog>
  );
}
