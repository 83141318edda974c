// Is there a connection? Said only after a while: short breaks heal by themselves and need no words.
import { useSyncExternalStore } from 'react';
import { cable } from './cable';

export type Connection = 'connecting' | 'online' | 'offline';

/** Milliseconds of silence before a break is worth mentioning. */
const PATIENCE = 3_000;

let state: Connection = 'connecting';
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(next: Connection): void {
  clearTimeout(timer);
  timer = undefined;
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

function lost(): void {
  if (navigator.onLine === false) set('offline');
  else timer ??= setTimeout(() => set('offline'), PATIENCE);
}

cable.on('connect', () => set('online'));
cable.on('disconnect', lost);
cable.on('close', lost);
window.addEventListener('offline', () => set('offline'));
window.addEventListener('online', () => {
  // The published client waits with a growing delay; a network that came back is worth trying at once.
  cable.connect().catch(() => undefined);
});

export function onOnline(listener: () => void): () => void {
  return cable.on('connect', listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
