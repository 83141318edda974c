import { Settings } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";

/** At the foot of the sidebar: the account's settings. */
export function AccountSettingsLink() {
  return (
    <Link
      className="icon-button icon-button--plain"
      to="/account/edit"
      title={strings.account.open}
      aria-label={strings.account.open}
    >
      <Settings aria-hidden="true" />
    </Link>
  );
}
