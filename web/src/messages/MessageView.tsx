// One message: who, when, what.
import { RotateCcw, Trash2 } from 'lucide-react';
import { Component, memo, type ReactNode } from 'react';
import type { Message, User } from '../api/client';
import { outbox } from '../outbox/outbox';
import type { Entry } from '../outbox/store';
import { Avatar, IconButton } from '../ui/parts';
import { words } from '../words';
import type { Place } from './grouping';

const short = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** A message that cannot be drawn says so and leaves the others alone. */
class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override render() {
    return this.state.broken ? <p className="message__broken">{words.message.unknown}</p> : this.props.children;
  }
}

export function DaySeparator({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <h2 className="day">
      <time className="day__name" dateTime={at}>
        {day.format(date)}
      </time>
    </h2>
  );
}

interface Props {
  message: Message;
  mine: boolean;
  place: Place;
  marked: boolean;
}

export const MessageView = memo(function MessageView({ message, mine, place, marked }: Props) {
  const at = new Date(message.created_at);
  const looks = [
    'message',
    mine && 'message--mine',
    place.follows && 'message--follows',
    message.emoji_only && 'message--emoji',
    marked && 'message--marked',
  ];
  return (
    <article className={looks.filter(Boolean).join(' ')} data-message-id={message.id} tabIndex={-1}>
      <Avatar initials={message.creator.initials} color={message.creator.color} />
      <div className="message__main">
        <h3 className="message__head">
          <span className="message__author">{message.creator.name}</span>
          <a
            className="message__time"
            href={message.url}
            title={full.format(at)}
            aria-label={words.message.linkTo(full.format(at))}
          >
            <time dateTime={message.created_at}>{short.format(at)}</time>
          </a>
          {message.edited && <span className="message__note">{words.message.edited}</span>}
        </h3>
        <Guard>
          {message.kind === 'attachment' ? (
            <div className="message__body">{message.body.plain}</div>
          ) : (
            // biome-ignore lint/security/noDangerouslySetInnerHtml: the server sanitises; the client never does
            <div className="message__body" dir="auto" dangerouslySetInnerHTML={{ __html: message.body.html }} />
          )}
          <Boosts message={message} />
        </Guard>
      </div>
    </article>
  );
});

function Boosts({ message }: { message: Message }) {
  if (message.boosts.length === 0) return null;
  return (
    <ul className="boosts" aria-label={words.message.boosts}>
      {message.boosts.map((boost) => (
        <li key={boost.id} className="boost" title={boost.booster.name}>
          <Avatar initials={boost.booster.initials} color={boost.booster.color} small />
          <span className="visually-hidden">{boost.booster.name}: </span>
          {boost.content}
        </li>
      ))}
    </ul>
  );
}

interface WaitingProps {
  entry: Entry;
  me: User;
  follows: boolean;
  offline: boolean;
}

/** A message on its way, as its author sees it. */
export function WaitingMessage({ entry, me, follows, offline }: WaitingProps) {
  const state = entry.refused ? 'failed' : 'pending';
  return (
    <article
      className={`message message--mine message--${state} ${follows ? 'message--follows' : ''}`}
      data-client-id={entry.id}
    >
      <Avatar initials={me.initials} color={me.color} />
      <div className="message__main">
        <h3 className="message__head">
          <span className="message__author">{me.name}</span>
          <span className="message__note" role="status">
            {entry.refused
              ? `${words.message.failed}: ${entry.refused}`
              : offline
                ? words.message.waiting
                : words.message.pending}
          </span>
        </h3>
        <div className="message__body" dir="auto">
          <div className="message__plain">{entry.text}</div>
        </div>
        {entry.refused && (
          <div className="message__choices">
            <IconButton icon={RotateCcw} label={words.message.retry} onClick={() => void outbox.retry(entry.id)} />
            <IconButton icon={Trash2} label={words.message.discard} onClick={() => void outbox.discard(entry.id)} />
          </div>
        )}
      </div>
    </article>
  );
}
