import { MonitorSmartphone } from "lucide-react";
import { api, unwrap } from "../api/client";
import { strings } from "../strings";
import { TemporaryLinkPanel } from "../ui/temporary-link-panel";

/**
 * Creates a link that signs in another device. On demand, because anyone who has it can act as the
 * user.
 */
export function TransferPanel() {
  return (
    <TemporaryLinkPanel
      title={strings.profile.transfer}
      intro={strings.profile.transferIntro}
      icon={<MonitorSmartphone aria-hidden="true" />}
      action={strings.profile.transferMake}
      create={() => unwrap(api.POST("/api/v1/session/transfer", {}))}
      label={strings.profile.transferLabel}
      shareTitle={strings.profile.transferShareTitle}
      shareText={strings.profile.transferShareText}
    />
  );
}
