import { Settings } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";

/** In the footer of the sidebar. */
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
