// Says that one looks at the room, and stops saying it when one does not.
import { useEffect } from 'react';
import { cable, Presence } from '../cable/cable';

/** The server forgets a reader after 60 seconds of silence. */
const REFRESH = 50_000;
/** A glance at another tab is not leaving. */
const SETTLE = 5_000;

export function usePresence(room: number): void {
  useEffect(() => {
    const channel = new Presence({ room_id: room });
    cable.subscribe(channel);
    const say = (action: string) => void channel.perform(action).catch(() => undefined);
    const refresh = setInterval(() => document.visibilityState === 'visible' && say('refresh'), REFRESH);
    let settling: ReturnType<typeof setTimeout> | undefined;
    const onVisibility = () => {
      clearTimeout(settling);
      settling = setTimeout(() => say(document.visibilityState === 'visible' ? 'present' : 'absent'), SETTLE);
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearInterval(refresh);
      clearTimeout(settling);
      document.removeEventListener('visibilitychange', onVisibility);
      channel.disconnect();
    };
  }, [room]);
}
