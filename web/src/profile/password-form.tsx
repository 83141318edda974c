import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { api, unwrap } from "../api/client";
import { Problem } from "../api/problem";
import { PasswordField } from "../session/password-field";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { devicesQuery } from "./queries";

/** Changes the password, which signs out other devices. */
export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const cache = useQueryClient();
  const toast = useToast();
  const change = useTask(async (password: string) => {
    await unwrap(api.PATCH("/api/v1/me", { body: { password } }));
    cache.invalidateQueries({ queryKey: devicesQuery.queryKey });
    form.current?.reset();
    toast({ text: strings.profile.passwordSaved });
  });
  const passwordError = change.error instanceof Problem ? change.error.fields.password : undefined;

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.run(String(new FormData(event.currentTarget).get("password") ?? ""));
  };

  return (
    <Panel title={strings.profile.changePassword} intro={strings.profile.passwordNote}>
      <form className="form" ref={form} onSubmit={send}>
        <PasswordField label={strings.profile.newPassword} isNew error={passwordError} />
        <ProblemText error={passwordError ? null : change.error} />
        <div className="panel__buttons">
          <Button type="submit" busy={change.busy}>
            {strings.profile.changePassword}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
