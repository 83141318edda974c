// The first words in the first room: how others get in.
import { useQuery } from '@tanstack/react-query';
import { Check, Copy, Flame } from 'lucide-react';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { IconButton } from '../ui/parts';
import { words } from '../words';

export function Welcome() {
  const { data } = useQuery({ queryKey: ['account'], queryFn: () => ask(api.GET('/api/v1/account')) });
  const [copied, setCopied] = useState(false);
  if (!data) return null;
  async function copy(link: string) {
    await navigator.clipboard.writeText(link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <section className="welcome">
      <Flame aria-hidden="true" className="welcome__logo" strokeWidth={1.5} />
      <h2 className="welcome__title">{words.welcome.title}</h2>
      <p>{words.welcome.text}</p>
      <div className="welcome__link">
        <input
          className="welcome__field"
          readOnly
          value={data.join_url}
          aria-label={words.welcome.link}
          onFocus={(event) => event.target.select()}
        />
        {window.isSecureContext && (
          <IconButton
            icon={copied ? Check : Copy}
            label={copied ? words.welcome.copied : words.welcome.copy}
            onClick={() => void copy(data.join_url)}
          />
        )}
      </div>
    </section>
  );
}
