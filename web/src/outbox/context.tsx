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
import type { Entry } from "./entry";
import { type News, Outbox, type Surroundings } from "./outbox";
import { openStore } from "./store";

const Current = createContext<Outbox | null>(null);

interface Props {
  userId: number;
  /** Called with every message that the server acknowledged. Must not change between renders. */
  onArrived: (message: Message) => void;
  children: ReactNode;
}

/** Keeps the outbox of the person who is signed in, and wakes it when the network may be back. */
export function OutboxProvider({ userId, onArrived, children }: Props) {
  const connection = useConnection();
  const [outbox, setOutbox] = useState<Outbox | null>(null);

  useEffect(() => {
    let stop = () => {};
    let gone = false;
    openOutbox(userId, onArrived).then((opened) => {
      if (gone) return opened.close();
      stop = opened.close;
      setOutbox(opened.outbox);
    });
    return () => {
      gone = true;
      stop();
    };
  }, [userId, onArrived]);

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

  return outbox && <Current value={outbox}>{children}</Current>;
}

export function useOutbox(): Outbox {
  const outbox = useContext(Current);
  if (!outbox) throw new Error("useOutbox needs an OutboxProvider around it");
  return outbox;
}

/** What waits or failed in one room, in order. */
export function useEntries(roomId: number): readonly Entry[] {
  const outbox = useOutbox();
  const entries = useSyncExternalStore(
    (listener) => outbox.onChange(listener),
    () => outbox.entries,
  );
  return useMemo(() => entries.filter((entry) => entry.roomId === roomId), [entries, roomId]);
}

/** Whether something of what waits would be lost with this tab. */
export function useIsFragile(): boolean {
  const outbox = useOutbox();
  return useSyncExternalStore(
    (listener) => outbox.onChange(listener),
    () => outbox.isFragile,
  );
}

async function openOutbox(userId: number, arrived: (message: Message) => void) {
  const tabs = new BroadcastChannel(`campfire-outbox-${userId}`);
  let closed = false;
  const around: Surroundings = {
    userId,
    store: await openStore(),
    deliver,
    alone,
    tell: (news) => {
      if (!closed) tabs.postMessage(news);
    },
    arrived,
    now: () => Date.now(),
    after: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    chance: () => Math.random(),
  };
  const outbox = new Outbox(around);
  tabs.onmessage = ({ data }: MessageEvent<News>) => outbox.hear(data);
  await outbox.start();
  const close = () => {
    closed = true;
    outbox.stop();
    tabs.close();
  };
  return { outbox, close };
}

/** Without locks (plain HTTP on another machine) tabs may send twice; the server stores once all the same. */
async function alone(name: string, work: () => Promise<void>) {
  if (navigator.locks) await navigator.locks.request(name, work);
  else await work();
}
