import { KeyRound } from "lucide-react";
import { strings } from "../strings";
import { Field } from "../ui/field";

/** bcrypt, as used by Rails' `has_secure_password`, uses no more than 72 bytes. */
const maxBytes = 72;
const minLength = 8;

interface Props {
  label: string;
  /** True when choosing a password, false when entering an existing one. */
  isNew: boolean;
  error: string | undefined;
  autoFocus?: boolean;
}

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
