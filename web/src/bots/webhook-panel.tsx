import { useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff, RefreshCw, SendHorizontal } from "lucide-react";
import { useState } from "react";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { CopyField } from "../ui/copy-field";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { type Bot, resetSecret, sendTest } from "./api";
import { refreshDeliveries, updateCachedBot } from "./queries";

/** The secret that signs webhook requests, and a button that sends a test. */
export function WebhookPanel({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);
  const test = useTask(async () => {
    await sendTest(bot.id);
    refreshDeliveries(cache, bot.id);
    toast({ text: strings.bots.tested });
  });
  const reset = async () => {
    updateCachedBot(cache, await resetSecret(bot.id));
    setIsConfirming(false);
    toast({ text: strings.bots.secretReset });
  };
  return (
    <Panel title={strings.bots.webhookTitle} intro={strings.bots.webhookIntro}>
      {bot.webhook_secret ? (
        <Secret secret={bot.webhook_secret} />
      ) : (
        <p className="panel__note">{strings.bots.noSecret}</p>
      )}
      <ProblemText error={test.error} />
      <div className="panel__buttons">
        <Button onClick={() => setIsConfirming(true)}>
          <RefreshCw aria-hidden="true" />
          {bot.webhook_secret ? strings.bots.resetSecret : strings.bots.makeSecret}
        </Button>
        <Button look="reversed" onClick={() => test.run()} busy={test.busy}>
          <SendHorizontal className="flips" aria-hidden="true" />
          {strings.bots.test}
        </Button>
      </div>
      {isConfirming && (
        <Confirm
          title={strings.bots.resetSecretTitle}
          text={strings.bots.resetSecretText}
          action={strings.bots.resetSecretAction}
          onConfirm={reset}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </Panel>
  );
}

function Secret({ secret }: { secret: string }) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="bot-secret">
      <CopyField
        label={strings.bots.secret}
        value={secret}
        action={strings.bots.copy}
        masked={!isShown}
        shown
      >
        <IconButton
          label={isShown ? strings.bots.hideSecret : strings.bots.showSecret}
          aria-pressed={isShown}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        </IconButton>
      </CopyField>
    </div>
  );
}
