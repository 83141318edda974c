import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage, Problem } from "../api/problem";
import type { Account } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Logo } from "../ui/logo";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { Switch } from "../ui/switch";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { updateCachedAccount } from "./queries";

const maxNameLength = 100;

/** The account's name and settings. */
export function AccountForm({ account }: { account: Account }) {
  const cache = useQueryClient();
  const toast = useToast();
  const rename = useTask(async (name: string) => {
    updateCachedAccount(cache, await unwrap(api.PATCH("/api/v1/account", { body: { name } })));
    toast({ text: strings.panel.saved });
  });
  const nameError = rename.error instanceof Problem ? rename.error.fields.name : undefined;

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.run(String(new FormData(event.currentTarget).get("name") ?? "").trim());
  };

  return (
    <Panel>
      <form className="form" onSubmit={send}>
        <div className="account__head">
          <Logo src={account.logo_url} />
          <Field
            label={strings.account.name}
            name="name"
            // Resets the field when another administrator renames the account.
            key={account.name}
            defaultValue={account.name}
            maxLength={maxNameLength}
            autoComplete="off"
            error={nameError}
            required
          />
        </div>
        <ProblemText error={nameError ? null : rename.error} />
        <div className="panel__buttons">
          <Button type="submit" look="reversed" busy={rename.busy}>
            {strings.account.saveName}
          </Button>
        </div>
      </form>
      <RestrictionSwitch account={account} />
    </Panel>
  );
}

function RestrictionSwitch({ account }: { account: Account }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [pendingValue, setPendingValue] = useState<boolean | null>(null);

  const change = async (restricted: boolean) => {
    setPendingValue(restricted);
    try {
      const settings = { restrict_room_creation_to_administrators: restricted };
      updateCachedAccount(
        cache,
        await unwrap(api.PATCH("/api/v1/account", { body: { settings } })),
      );
    } catch (error) {
      toast({ text: strings.account.restrictFailed(errorMessage(error)), tone: "problem" });
    } finally {
      setPendingValue(null);
    }
  };

  return (
    <Switch
      checked={pendingValue ?? account.settings.restrict_room_creation_to_administrators}
      disabled={pendingValue !== null}
      onChange={(event) => change(event.target.checked)}
    >
      {strings.account.restrict}
    </Switch>
  );
}
