// Getting in: the first run, signing in, joining. All three are a name tag that one fills in.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowRight, Flame, KeyRound, Lock, Mail, TicketX, UserRound } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { ApiError, api, ask } from '../api/client';
import { cable } from '../cable/cable';
import { Busy, Field, Notice } from '../ui/parts';
import { words } from '../words';
import { useStatus } from './queries';

interface Fields {
  name: string;
  email_address: string;
  password: string;
}

interface TagProps {
  title: string;
  intro?: string;
  submit: string;
  newcomer: boolean;
  send: (fields: Fields) => Promise<unknown>;
  children?: ReactNode;
}

function NameTag({ title, intro, submit, newcomer, send, children }: TagProps) {
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const arrive = useArrival();

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    setBusy(true);
    setError(undefined);
    try {
      await send({ name: text('name'), email_address: text('email_address'), password: text('password') });
      await arrive();
    } catch (refusal) {
      setError(refusal instanceof ApiError ? refusal : new ApiError(0, words.network));
      setBusy(false);
    }
  }

  useEffect(() => {
    document.title = title;
  }, [title]);

  const general = error && Object.keys(error.fields).length === 0;
  return (
    <main className="entrance">
      <form className={`tag ${general ? 'tag--refused' : ''}`} onSubmit={onSubmit} aria-busy={busy}>
        <span className="tag__hole" aria-hidden="true" />
        <header className="tag__head">
          <Flame aria-hidden="true" className="tag__logo" strokeWidth={1.5} />
          <h1 className="tag__title">{title}</h1>
          {intro && <p className="tag__intro">{intro}</p>}
        </header>
        {newcomer && (
          <Field
            icon={UserRound}
            label={words.name}
            name="name"
            autoComplete="name"
            maxLength={100}
            required
            autoFocus
            errors={error?.fields.name}
          />
        )}
        <Field
          icon={Mail}
          label={words.email}
          name="email_address"
          type="email"
          autoComplete="username"
          required
          autoFocus={!newcomer}
          errors={error?.fields.email_address}
        />
        <Field
          icon={Lock}
          label={words.password}
          name="password"
          type="password"
          autoComplete={newcomer ? 'new-password' : 'current-password'}
          placeholder={newcomer ? words.passwordHint : ''}
          required
          maxLength={72}
          errors={error?.fields.password}
        />
        <p className="tag__error" role="alert">
          {general && error.message}
        </p>
        <button type="submit" className="button button--reversed button--wide" disabled={busy}>
          {submit} <ArrowRight aria-hidden="true" size="1.25em" />
        </button>
        {children}
      </form>
    </main>
  );
}

/** What follows once one is in: everything is asked anew, and the socket opened as oneself. */
function useArrival(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { state } = useLocation();
  return async () => {
    queries.clear();
    cable.disconnect();
    await navigate(typeof state?.from === 'string' ? state.from : '/', { replace: true });
  };
}

export function FirstRun() {
  const { data, isPending } = useStatus();
  const navigate = useNavigate();
  useEffect(() => {
    if (data && !data.first_run) void navigate('/', { replace: true });
  }, [data, navigate]);
  if (isPending) return <Busy label={words.busy} />;
  const { title, intro, submit } = words.firstRun;
  const send = (body: Fields) => ask(api.POST('/api/v1/first_run', { body }));
  return <NameTag title={title} intro={intro} submit={submit} newcomer send={send} />;
}

export function SignIn() {
  const { data } = useStatus();
  const navigate = useNavigate();
  useEffect(() => {
    if (data?.first_run) void navigate('/first_run', { replace: true });
  }, [data, navigate]);
  const send = ({ email_address, password }: Fields) =>
    ask(api.POST('/api/v1/session', { body: { email_address, password } }));
  return (
    <NameTag title={data?.account.name ?? words.app} submit={words.signIn.submit} newcomer={false} send={send}>
      <p className="tag__foot">{words.signIn.help}</p>
    </NameTag>
  );
}

export function Join() {
  const { code = '' } = useParams();
  const invitation = useQuery({
    queryKey: ['invitation', code],
    queryFn: () => ask(api.GET('/api/v1/join/{code}', { params: { path: { code } } })),
    retry: (count, error) => count < 3 && error instanceof ApiError && error.passing,
  });
  if (invitation.isPending) return <Busy label={words.busy} />;
  if (invitation.isError) {
    const gone = invitation.error instanceof ApiError && invitation.error.status === 404;
    return (
      <main className="entrance">
        <Notice icon={TicketX} level={1} title={gone ? words.join.invalid : invitation.error.message}>
          <p>{gone && words.join.invalidHelp}</p>
          <Link className="button" to="/session/new">
            {words.join.haveAccount}
          </Link>
        </Notice>
      </main>
    );
  }
  const send = (body: Fields) => ask(api.POST('/api/v1/join/{code}', { params: { path: { code } }, body }));
  return (
    <NameTag title={words.join.title(invitation.data.account_name)} submit={words.join.submit} newcomer send={send}>
      <Link className="tag__foot tag__link" to="/session/new">
        <KeyRound aria-hidden="true" size="1.1em" /> {words.join.haveAccount}
      </Link>
    </NameTag>
  );
}
