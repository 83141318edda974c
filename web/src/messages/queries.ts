// Loading a room's messages: subscribe first, fetch second, so that nothing falls between.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, ask, type Message } from '../api/client';
import { cable, RoomMessages } from '../cable/cable';
import { apply, takeEarly, windowKey } from './live';
import { merge, PAGE, type Window, withNewer, withOlder } from './window';

/** Milliseconds to wait for the subscription; without it the page is fetched all the same, and again when it stands. */
const PATIENCE = 1_500;

type Cursor = { before?: number; after?: number; around?: number };

function page(room: number, query: Cursor): Promise<Message[]> {
  return ask(api.GET('/api/v1/rooms/{room_id}/messages', { params: { path: { room_id: room }, query } }));
}

/** Follows the room while it is shown; answers a promise that is kept once the server confirmed. */
export function useRoomChannel(room: number): () => Promise<void> {
  const queries = useQueryClient();
  const ready = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    const channel = new RoomMessages({ room_id: room });
    channel.on('message', (event) => apply(queries, event));
    // What was missed is not in the server's memory any more: the view must equal a fresh load.
    const reload = () => void queries.invalidateQueries({ queryKey: ['messages', room] });
    channel.on('info', (event) => event.type === 'history_not_found' && reload());
    let late = false;
    const patience = setTimeout(() => {
      late = true;
    }, PATIENCE);
    cable.subscribe(channel);
    ready.current = channel.ensureSubscribed().then(
      () => {
        clearTimeout(patience);
        if (late) reload();
      },
      () => undefined,
    );
    return () => {
      clearTimeout(patience);
      channel.disconnect();
    };
  }, [room, queries]);
  return useCallback(
    () => Promise.race([ready.current, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE))]),
    [],
  );
}

async function load(room: number, around: number | undefined): Promise<Window> {
  const messages = await page(room, around === undefined ? {} : { around });
  if (around === undefined) {
    const all = merge(messages, takeEarly(room));
    return { messages: all, atStart: messages.length < PAGE, atEnd: true };
  }
  const at = messages.findIndex((message) => message.id === around);
  const atEnd = messages.length - at - 1 < PAGE;
  return { messages: atEnd ? merge(messages, takeEarly(room)) : messages, atStart: at < PAGE, atEnd };
}

/** The loaded part of a room and the ways to load more. */
export function useMessages(room: number, around: number | undefined) {
  const queries = useQueryClient();
  const subscribed = useRoomChannel(room);
  const key = windowKey(room, around);
  const query = useQuery({
    queryKey: key,
    queryFn: async () => {
      await subscribed();
      return load(room, around);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [loading, setLoading] = useState<'older' | 'newer'>();
  const [failed, setFailed] = useState(false);

  const more = async (which: 'older' | 'newer'): Promise<void> => {
    const window = queries.getQueryData<Window>(key);
    const edge = which === 'older' ? window?.messages[0] : window?.messages.at(-1);
    if (!edge || loading || (which === 'older' ? window?.atStart : window?.atEnd)) return;
    setLoading(which);
    setFailed(false);
    try {
      const messages = await page(room, which === 'older' ? { before: edge.id } : { after: edge.id });
      const add = which === 'older' ? withOlder : withNewer;
      queries.setQueryData<Window>(key, (window) => window && add(window, messages));
    } catch {
      setFailed(true);
    } finally {
      setLoading(undefined);
    }
  };

  const latest = async (): Promise<void> => {
    queries.setQueryData<Window>(key, await load(room, undefined));
  };

  return { ...query, older: () => more('older'), newer: () => more('newer'), latest, loading, failed };
}
