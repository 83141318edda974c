// The outbox in the page: opened for whoever is signed in, woken when the network is back.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { api, ask } from '../api/client';
import { onOnline } from '../cable/connection';
import { show } from '../messages/live';
import { outbox } from './outbox';
import { type Entry, store } from './store';

const exclusively = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request(name, work) as Promise<T>) : work();

function send(entry: Entry) {
  const body = { text: entry.text, client_message_id: entry.id };
  return ask(api.POST('/api/v1/rooms/{room_id}/messages', { params: { path: { room_id: entry.room } }, body }));
}

export function useOutbox(user: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    const later = (work: () => void, pause: number) => void setTimeout(work, pause);
    void outbox.open(user, { send, sent: (message) => show(queries, message), store, exclusively, later });
    const flush = () => outbox.flush();
    const look = () => void outbox.reload().then(flush);
    const stop = onOnline(flush);
    window.addEventListener('online', flush);
    window.addEventListener('focus', look);
    return () => {
      stop();
      window.removeEventListener('online', flush);
      window.removeEventListener('focus', look);
      outbox.close();
    };
  }, [user, queries]);
}

export function useWaiting(room: number): Entry[] {
  const entries = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return entries.filter((entry) => entry.room === room);
}
