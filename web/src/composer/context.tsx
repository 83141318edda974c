import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
} from "react";
import type { Quoted } from "./quote";

type Replying = (quoted: Quoted) => void;

interface Composing {
  /** Begins an answer to a message in the room's composer, and goes there. */
  reply: Replying;
}

interface Desk extends Composing {
  /** The composer takes replies from now on. Returns how it stops. */
  attend: (taking: Replying) => () => void;
}

const Current = createContext<Desk | null>(null);

/** Joins a room's messages with its composer: stands around both. */
export function ComposerProvider({ children }: { children: ReactNode }) {
  const taking = useRef<Replying | null>(null);
  const desk = useMemo<Desk>(
    () => ({
      reply: (quoted) => taking.current?.(quoted),
      attend: (composer) => {
        taking.current = composer;
        return () => {
          if (taking.current === composer) taking.current = null;
        };
      },
    }),
    [],
  );
  return <Current value={desk}>{children}</Current>;
}

/** What messages may ask of the composer. */
export function useComposer(): Composing {
  return useDesk();
}

/** Makes a composer the one that takes replies. */
export function useReplies(take: Replying) {
  const { attend } = useDesk();
  const latest = useRef(take);
  latest.current = take;
  const taking = useCallback<Replying>((quoted) => latest.current(quoted), []);
  useEffect(() => attend(taking), [attend, taking]);
}

function useDesk(): Desk {
  const desk = useContext(Current);
  if (!desk) throw new Error("useComposer needs a ComposerProvider around it");
  return desk;
}
