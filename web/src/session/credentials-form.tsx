import { ArrowRight, Mail, UserRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { errorMessage, Problem } from "../api/problem";
import { strings } from "../strings";
import { Button, classNames } from "../ui/button";
import { Field } from "../ui/field";
import { PasswordField } from "./password-field";

const maxNameLength = 100;

export interface Credentials {
  name: string;
  email_address: string;
  password: string;
}

interface Props {
  submit: string;
  /** Signing up: also asks for a name, and for a new password. */
  isNew: boolean;
  email?: string;
  /** Called with the entered credentials. The form shows the error that it throws. */
  onSubmit: (credentials: Credentials) => Promise<void>;
}

/** The form for signing in, signing up and the first run. */
export function CredentialsForm({ submit, isNew, email = "", onSubmit }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ error: unknown } | null>(null);
  const fields = problem?.error instanceof Problem ? problem.error.fields : {};
  const hasFieldErrors = ["name", "email_address", "password"].some((field) => fields[field]);

  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget);
    const text = (field: string) => String(data.get(field) ?? "");
    setBusy(true);
    setProblem(null);
    try {
      await onSubmit({
        name: text("name").trim(),
        email_address: text("email_address").trim(),
        password: text("password"),
      });
    } catch (error) {
      setProblem({ error });
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={classNames("credentials", problem && "credentials--refused")} onSubmit={send}>
      {isNew && (
        <Field
          label={strings.session.name}
          name="name"
          icon={<UserRound aria-hidden="true" />}
          autoComplete="name"
          maxLength={maxNameLength}
          error={fields.name}
          required
          autoFocus
        />
      )}
      <Field
        label={strings.session.email}
        name="email_address"
        type="email"
        icon={<Mail aria-hidden="true" />}
        autoComplete="username"
        defaultValue={email}
        error={fields.email_address}
        required
        autoFocus={!isNew && email === ""}
      />
      <PasswordField
        label={strings.session.password}
        isNew={isNew}
        error={fields.password}
        autoFocus={!isNew && email !== ""}
      />
      {problem && !hasFieldErrors && (
        <p className="credentials__problem" role="alert">
          {errorMessage(problem.error)}
        </p>
      )}
      <Button type="submit" look="reversed" busy={busy} className="credentials__submit">
        {submit}
        <ArrowRight aria-hidden="true" />
      </Button>
    </form>
  );
}
