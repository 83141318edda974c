import { useQueryClient } from "@tanstack/react-query";
import { Mail, UserRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import type { Me } from "../api/types";
import { updateCachedPerson } from "../people/queries";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { TextArea } from "../ui/text-area";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";

const maxNameLength = 100;
const maxBioLength = 2_000;

interface Draft {
  name: string;
  email_address: string;
  bio: string;
}

/** The form for name, email address and bio. */
export function ProfileForm({ me }: { me: Me }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [name, setName] = useState(me.name);
  const save = useTask(async (body: Draft) => {
    const changed = await unwrap(api.PATCH("/api/v1/me", { body })).catch(explain);
    cache.setQueryData(meQuery.queryKey, changed);
    updateCachedPerson(cache, changed);
    toast({ text: strings.panel.saved });
  });
  const fields = save.error instanceof Problem ? save.error.fields : {};
  const hasFieldErrors = Boolean(fields.name || fields.email_address || fields.bio);

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (field: string) => String(data.get(field) ?? "").trim();
    save.run({ name: text("name"), email_address: text("email_address"), bio: text("bio") });
  };

  return (
    <Panel title={strings.profile.about}>
      <form className="form" onSubmit={send}>
        <div className="profile__me" aria-hidden="true">
          <Avatar initials={me.initials} color={me.color} src={me.avatar_url} />
          <span className="profile__name" dir="auto">
            {name}
          </span>
        </div>
        <Field
          label={strings.profile.name}
          name="name"
          icon={<UserRound aria-hidden="true" />}
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={maxNameLength}
          error={fields.name}
          required
        />
        <Field
          label={strings.profile.email}
          name="email_address"
          type="email"
          icon={<Mail aria-hidden="true" />}
          autoComplete="email"
          defaultValue={me.email_address ?? ""}
          error={fields.email_address}
          required
        />
        <TextArea
          label={strings.profile.bio}
          name="bio"
          placeholder={strings.profile.bioPlaceholder}
          defaultValue={me.bio ?? ""}
          maxLength={maxBioLength}
          error={fields.bio}
          dir="auto"
          rows={3}
        />
        <ProblemText error={hasFieldErrors ? null : save.error} />
        <div className="panel__buttons">
          <Button type="submit" look="reversed" busy={save.busy}>
            {strings.profile.save}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** 409 means that the email address is taken; the error belongs to the field. */
function explain(error: unknown): never {
  if (statusOf(error) !== 409) throw error;
  throw new Problem(409, strings.profile.taken, { email_address: strings.profile.taken });
}
