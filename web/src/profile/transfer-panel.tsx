import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import type { TransferLink } from "../api/types";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { ShareBox } from "../ui/share-box";
import { shortDateTime } from "../ui/time";
import { useTask } from "../ui/use-task";
import { words } from "../words";

/** Makes the link that takes one's session to another device. Only on demand: whoever has it is me. */
export function TransferPanel() {
  const [link, setLink] = useState<TransferLink | null>(null);
  const make = useTask(async () => {
    setLink(await answer(api.POST("/api/v1/session/transfer", {})));
  });
  return (
    <Panel title={words.profile.transfer} intro={words.profile.transferIntro}>
      {link ? (
        <>
          <ShareBox
            label={words.profile.transferLabel}
            url={link.url}
            qrUrl={link.qr_svg_url}
            shareTitle={words.profile.transferShareTitle}
            shareText={words.profile.transferShareText}
          />
          <p className="panel__note" role="status">
            {words.people.resetUntil(shortDateTime.format(new Date(link.expires_at)))}
          </p>
        </>
      ) : (
        <div className="panel__buttons">
          <Button onClick={() => make.run()} busy={make.busy}>
            <MonitorSmartphone aria-hidden="true" />
            {words.profile.transferMake}
          </Button>
        </div>
      )}
      <ProblemText error={make.error} />
    </Panel>
  );
}
