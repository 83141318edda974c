import { useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { api, unwrap } from "../api/client";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Panel } from "../ui/panel";
import { ShareBox } from "../ui/share-box";
import { useToast } from "../ui/toasts";
import { accountQuery } from "./queries";

interface Props {
  joinUrl: string;
  mayRegenerate: boolean;
}

/** The join link. */
export function InvitePanel({ joinUrl, mayRegenerate }: Props) {
  return (
    <Panel title={strings.account.invite}>
      <ShareBox
        label={strings.account.joinLink}
        url={joinUrl}
        shareTitle={strings.account.joinShareTitle}
        shareText={strings.account.joinShareText}
      >
        {mayRegenerate && <Regenerate />}
      </ShareBox>
    </Panel>
  );
}

function Regenerate() {
  const cache = useQueryClient();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);

  const regenerate = async () => {
    await unwrap(api.POST("/api/v1/account/join_code", {}));
    await cache.invalidateQueries({ queryKey: accountQuery.queryKey });
    setIsConfirming(false);
    toast({ text: strings.account.regenerated });
  };

  return (
    <>
      <IconButton label={strings.account.regenerate} onClick={() => setIsConfirming(true)}>
        <RefreshCw aria-hidden="true" />
      </IconButton>
      {isConfirming && (
        <Confirm
          title={strings.account.regenerateTitle}
          text={strings.account.regenerateText}
          action={strings.account.regenerateAction}
          onConfirm={regenerate}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </>
  );
}
