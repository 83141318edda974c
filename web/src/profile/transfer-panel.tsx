import { MonitorSmartphone } from "lucide-react";
import { answer, api } from "../api/client";
import { words } from "../strings";
import { LinkMaker } from "../ui/temporary-link-panel";

/** Makes the link that takes one's session to another device. Only on demand: whoever has it is me. */
export function TransferPanel() {
  return (
    <LinkMaker
      title={words.profile.transfer}
      intro={words.profile.transferIntro}
      icon={<MonitorSmartphone aria-hidden="true" />}
      action={words.profile.transferMake}
      make={() => answer(api.POST("/api/v1/session/transfer", {}))}
      label={words.profile.transferLabel}
      shareTitle={words.profile.transferShareTitle}
      shareText={words.profile.transferShareText}
    />
  );
}
