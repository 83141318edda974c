import { strings } from "../strings";

/** What stands where a message would be if it could be shown. */
export function Unrenderable() {
  return (
    <div className="message__body message__body--broken" role="note">
      {strings.messages.unrenderable}
    </div>
  );
}
