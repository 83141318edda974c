import { strings } from "../strings";
import { Dialog } from "../ui/dialog";
import { PingForm } from "./ping-form";

interface Props {
  onClose: () => void;
  /** The ping was started, and its room takes over. */
  onDone: () => void;
}

/** The form of a new ping, over the page one is on. */
export default function NewPingDialog({ onClose, onDone }: Props) {
  return (
    <Dialog title={strings.pings.title} className="new-ping" onClose={onClose} fieldFirst>
      <PingForm onDone={onDone} />
    </Dialog>
  );
}
