// Small parts that know no chat: buttons, fields, notices, avatars.
import { LoaderCircle, type LucideIcon } from 'lucide-react';
import { type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon;
  /** What it does; read aloud and shown as a tooltip. */
  label: string;
  reversed?: boolean;
}

export function IconButton({ icon: Icon, label, reversed, className = '', ...rest }: IconButtonProps) {
  const looks = `button button--icon ${reversed ? 'button--reversed' : ''} ${className}`;
  return (
    <button type="button" className={looks} aria-label={label} title={label} {...rest}>
      <Icon aria-hidden="true" size="1.25em" />
    </button>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  icon: LucideIcon;
  label: string;
  errors?: string[] | undefined;
}

export function Field({ icon: Icon, label, errors, ...rest }: FieldProps) {
  const id = useId();
  const wrong = errors && errors.length > 0;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <span className="field__line">
        <Icon aria-hidden="true" size="1.25em" className="field__icon" />
        <input id={id} className="field__input" aria-invalid={wrong} aria-describedby={`${id}-errors`} {...rest} />
      </span>
      <span id={`${id}-errors`} className="field__errors" role="alert">
        {errors?.join(' ')}
      </span>
    </div>
  );
}

export function Busy({ label }: { label: string }) {
  return (
    <p className="notice notice--busy" role="status">
      <LoaderCircle aria-hidden="true" className="spinner" /> {label}
    </p>
  );
}

interface NoticeProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  level?: 1 | 2;
}

export function Notice({ icon: Icon, title, children, level = 2 }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="notice">
      <Icon aria-hidden="true" className="notice__icon" strokeWidth={1.25} />
      <Heading className="notice__title">{title}</Heading>
      {children}
    </div>
  );
}

interface AvatarProps {
  initials: string;
  color: string;
  small?: boolean;
}

/** Initials on a colour; the name stands beside it, so it is silent. */
export function Avatar({ initials, color, small }: AvatarProps) {
  return (
    <span className={`avatar ${small ? 'avatar--small' : ''}`} style={{ backgroundColor: color }} aria-hidden="true">
      {initials.slice(0, 3)}
    </span>
  );
}
