// Where one writes: grows with the text; Enter sends, Shift+Enter breaks; on touch devices the button sends.
import { ArrowUp } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { outbox } from '../outbox/outbox';
import { IconButton } from '../ui/parts';
import { words } from '../words';

/** Bytes the server accepts. */
const MOST = 64 * 1024;

const touch = () => window.matchMedia('(pointer: coarse)').matches;

export function Composer({ room }: { room: number }) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const over = new TextEncoder().encode(text).length - MOST;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each room begins with the cursor in the field
  useEffect(() => {
    if (!touch()) field.current?.focus();
  }, [room]);

  function send(event?: FormEvent) {
    event?.preventDefault();
    if (text.trim() === '' || over > 0) return;
    void outbox.add(room, text);
    setText('');
    field.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || composing) return;
    const always = event.ctrlKey || event.metaKey;
    if (always || (!event.shiftKey && !touch())) send(event);
  }

  return (
    <form className="composer" onSubmit={send}>
      <textarea
        ref={field}
        className="composer__field"
        aria-label={words.composer.label}
        placeholder={words.composer.label}
        rows={1}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        dir="auto"
      />
      {over > 0 && (
        <span className="composer__over" role="alert">
          {words.composer.tooLong(over)}
        </span>
      )}
      <IconButton
        type="submit"
        icon={ArrowUp}
        label={words.composer.send}
        reversed
        disabled={text.trim() === '' || over > 0}
      />
    </form>
  );
}
