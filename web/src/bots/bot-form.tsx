import { type FormEvent, useState } from "react";
import { Problem } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { ProblemText } from "../ui/problem-text";
import { Switch } from "../ui/switch";
import { useTask } from "../ui/use-task";
import type { Bot, BotDraft } from "./api";

/** The server's limits, in characters. */
const maxNameLength = 100;
const maxUrlLength = 2048;

interface Props {
  /** The bot to edit; undefined for a new one. */
  bot?: Bot;
  action: string;
  save: (draft: BotDraft) => Promise<unknown>;
}

/** The form for a bot's name and webhook. */
export function BotForm({ bot, action, save }: Props) {
  const [subscribesToAll, setSubscribesToAll] = useState(bot?.subscribe_all ?? false);
  const task = useTask(save);
  const fieldErrors: Readonly<Record<string, string>> =
    task.error instanceof Problem ? task.error.fields : {};
  const isPlaced = Boolean(fieldErrors.name ?? fieldErrors.webhook_url);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "").trim();
    task.run({
      name: given("name"),
      webhook_url: given("webhook_url") || null,
      subscribe_all: subscribesToAll,
    });
  };

  return (
    <form className="form" onSubmit={submit}>
      <Field
        label={strings.bots.name}
        name="name"
        defaultValue={bot?.name}
        maxLength={maxNameLength}
        autoComplete="off"
        error={fieldErrors.name}
        required
      />
      <Field
        label={strings.bots.webhookUrl}
        hint={strings.bots.webhookHint}
        name="webhook_url"
        type="url"
        placeholder="https://"
        defaultValue={bot?.webhook_url ?? ""}
        maxLength={maxUrlLength}
        autoComplete="off"
        dir="ltr"
        error={fieldErrors.webhook_url}
      />
      <Switch
        checked={subscribesToAll}
        hint={strings.bots.subscribeAllHint}
        onChange={(event) => setSubscribesToAll(event.target.checked)}
      >
        {strings.bots.subscribeAll}
      </Switch>
      <ProblemText error={isPlaced ? null : task.error} />
      <div className="panel__buttons">
        <Button type="submit" look="reversed" busy={task.busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
