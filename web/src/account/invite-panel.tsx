import { useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import { words } from "../strings";
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

/** The link that brings in others. */
export function InvitePanel({ joinUrl, mayRegenerate }: Props) {
  return (
    <Panel title={words.account.invite}>
      <ShareBox
        label={words.account.joinLink}
        url={joinUrl}
        shareTitle={words.account.joinShareTitle}
        shareText={words.account.joinShareText}
      >
        {mayRegenerate && <Regenerate />}
      </ShareBox>
    </Panel>
  );
}

function Regenerate() {
  const cache = useQueryClient();
  const toast = useToast();
  const [asks, setAsks] = useState(false);

  const regenerate = async () => {
    await answer(api.POST("/api/v1/account/join_code", {}));
    await cache.invalidateQueries({ queryKey: accountQuery.queryKey });
    setAsks(false);
    toast({ text: words.account.regenerated });
  };

  return (
    <>
      <IconButton label={words.account.regenerate} onClick={() => setAsks(true)}>
        <RefreshCw aria-hidden="true" />
      </IconButton>
      {asks && (
        <Confirm
          title={words.account.regenerateTitle}
          text={words.account.regenerateText}
          action={words.account.regenerateAction}
          onConfirm={regenerate}
          onCancel={() => setAsks(false)}
        />
      )}
    </>
  );
}
