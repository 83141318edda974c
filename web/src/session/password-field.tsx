import { KeyRound } from "lucide-react";
import { strings } from "../strings";
import { Field } from "../ui/field";

/** Rails' password digest takes no more bytes than this. */
const maxBytes = 72;
const minLength = 8;

interface Props {
  label: string;
  /** It is chosen now, not asked for. */
  isNew: boolean;
  error: string | undefined;
  autoFocus?: boolean;
}

/** Where a password is typed. */
export function PasswordField({ label, isNew, error, autoFocus = false }: Props) {
  return (
    <Field
      label={label}
      name="password"
      type="password"
      icon={<KeyRound aria-hidden="true" />}
      autoComplete={isNew ? "new-password" : "current-password"}
      maxLength={maxBytes}
      error={error}
      required
      autoFocus={autoFocus}
      {...(isNew && { minLength: minLength, hint: strings.session.passwordHint })}
    />
  );
}
