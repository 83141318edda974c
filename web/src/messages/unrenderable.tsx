import { strings } from "../strings";

/** Shown instead of a message that cannot be rendered. */
export function Unrenderable() {
  return (
    <div className="message__body message__body--broken" role="note">
      {strings.messages.unrenderable}
    </div>
  );
}
