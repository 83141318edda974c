import { Dialog } from "../ui/dialog";
import { words } from "../words";
import { PingForm } from "./ping-form";

/** The form of a new ping, over the page one is on. */
export default function NewPingDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={words.pings.title} className="new-ping" onClose={onClose}>
      <PingForm onDone={onClose} />
    </Dialog>
  );
}
