import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import type { Message } from "../api/types";
import { useConnection } from "../cable/context";
import { deliver } from "./delivery";
import type { OutboxEntry } from "./entry";
import { Outbox, type OutboxDependencies, type TabMessage } from "./outbox";
import { openStore } from "./store";

const OutboxContext = createContext<Outbox | null>(null);

interface Props {
  userId: number;
  /** Called with every message that the server has acknowledged. Must be stable. */
  onDelivered: (message: Message) => void;
  children: ReactNode;
}

/** Opens the outbox of the signed-in user, and retries when the network may be back. */
export function OutboxProvider({ userId, onDelivered, children }: Props) {
  const connection = useConnection();
  const [outbox, setOutbox] = useState<Outbox | null>(null);

  useEffect(() => {
    let stop = () => {};
    let cancelled = false;
    openOutbox(userId, onDelivered).then((opened) => {
      if (cancelled) return opened.close();
      stop = opened.close;
      setOutbox(opened.outbox);
    });
    return () => {
      cancelled = true;
      stop();
    };
  }, [userId, onDelivered]);

  useEffect(() => {
    if (!outbox) return;
    const wake = () => outbox.wake();
    window.addEventListener("online", wake);
    const unbind = connection.onChange(() => connection.state === "connected" && wake());
    return () => {
      window.removeEventListener("online", wake);
      unbind();
    };
  }, [outbox, connection]);

  return outbox && <OutboxContext value={outbox}>{children}</OutboxContext>;
}

export function useOutbox(): Outbox {
  const outbox = useContext(OutboxContext);
  if (!outbox) throw new Error("useOutbox must be used inside OutboxProvider");
  return outbox;
}

/** The unsent messages of one room, in order. */
export function useOutboxEntries(roomId: number): readonly OutboxEntry[] {
  const outbox = useOutbox();
  const entries = useSyncExternalStore(
    (listener) => outbox.onChange(listener),
    () => outbox.entries,
  );
  return useMemo(() => entries.filter((entry) => entry.roomId === roomId), [entries, roomId]);
}

/** Whether closing this tab would lose an unsent message. */
export function useHasMemoryOnlyEntries(): boolean {
  const outbox = useOutbox();
  return useSyncExternalStore(
    (listener) => outbox.onChange(listener),
    () => outbox.hasMemoryOnlyEntries,
  );
}

async function openOutbox(userId: number, onDelivered: (message: Message) => void) {
  const tabs = new BroadcastChannel(`campfire-outbox-${userId}`);
  let closed = false;
  const dependencies: OutboxDependencies = {
    userId,
    store: await openStore(),
    deliver,
    withLock,
    broadcast: (message) => {
      if (!closed) tabs.postMessage(message);
    },
    onDelivered,
    now: () => Date.now(),
    schedule: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
  const outbox = new Outbox(dependencies);
  tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => outbox.receive(data);
  await outbox.start();
  const close = () => {
    closed = true;
    outbox.stop();
    tabs.close();
  };
  return { outbox, close };
}

/**
 * Without the Web Locks API (plain HTTP) two tabs may send the same message; the server stores it
 * once.
 */
async function withLock(name: string, work: () => Promise<void>) {
  if (navigator.locks) await navigator.locks.request(name, work);
  else await work();
}
