import { useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff, RefreshCw, SendHorizontal } from "lucide-react";
import { useState } from "react";
import { words } from "../strings";
import { Button, IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { CopyField } from "../ui/copy-field";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { type Bot, resetSecret, sendTest } from "./api";
import { learnBot, logChanged } from "./queries";

/** What the webhook's calls are signed with, and a way to try it out. */
export function WebhookPanel({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [asks, setAsks] = useState(false);
  const test = useTask(async () => {
    await sendTest(bot.id);
    logChanged(cache, bot.id);
    toast({ text: words.bots.tested });
  });
  const reset = async () => {
    learnBot(cache, await resetSecret(bot.id));
    setAsks(false);
    toast({ text: words.bots.secretReset });
  };
  return (
    <Panel title={words.bots.webhookTitle} intro={words.bots.webhookIntro}>
      {bot.webhook_secret ? (
        <Secret secret={bot.webhook_secret} />
      ) : (
        <p className="panel__note">{words.bots.noSecret}</p>
      )}
      <ProblemText error={test.error} />
      <div className="panel__buttons">
        <Button onClick={() => setAsks(true)}>
          <RefreshCw aria-hidden="true" />
          {bot.webhook_secret ? words.bots.resetSecret : words.bots.makeSecret}
        </Button>
        <Button look="reversed" onClick={() => test.run()} busy={test.busy}>
          <SendHorizontal className="flips" aria-hidden="true" />
          {words.bots.test}
        </Button>
      </div>
      {asks && (
        <Confirm
          title={words.bots.resetSecretTitle}
          text={words.bots.resetSecretText}
          action={words.bots.resetSecretAction}
          onConfirm={reset}
          onCancel={() => setAsks(false)}
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
        label={words.bots.secret}
        value={secret}
        action={words.bots.copy}
        masked={!isShown}
        shown
      >
        <IconButton
          label={isShown ? words.bots.hideSecret : words.bots.showSecret}
          aria-pressed={isShown}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? <EyeOff aria-hidden="true" /> : <Eye aria-hidden="true" />}
        </IconButton>
      </CopyField>
    </div>
  );
}
