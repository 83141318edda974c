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

type ReplyHandler = (quoted: Quoted) => void;

interface ComposerActions {
  /** Begins an answer to a message in the room's composer, and goes there. */
  reply: ReplyHandler;
}

interface ComposerContextValue extends ComposerActions {
  /** The composer takes replies from now on. Returns how it stops. */
  register: (taking: ReplyHandler) => () => void;
}

const ComposerContext = createContext<ComposerContextValue | null>(null);

/** Joins a room's messages with its composer: stands around both. */
export function ComposerProvider({ children }: { children: ReactNode }) {
  const taking = useRef<ReplyHandler | null>(null);
  const desk = useMemo<ComposerContextValue>(
    () => ({
      reply: (quoted) => taking.current?.(quoted),
      register: (composer) => {
        taking.current = composer;
        return () => {
          if (taking.current === composer) taking.current = null;
        };
      },
    }),
    [],
  );
  return <ComposerContext value={desk}>{children}</ComposerContext>;
}

/** What messages may ask of the composer. */
export function useComposer(): ComposerActions {
  return useComposerContext();
}

/** Makes a composer the one that takes replies. */
export function useReplies(take: ReplyHandler) {
  const { register } = useComposerContext();
  const latest = useRef(take);
  latest.current = take;
  const taking = useCallback<ReplyHandler>((quoted) => latest.current(quoted), []);
  useEffect(() => register(taking), [register, taking]);
}

function useComposerContext(): ComposerContextValue {
  const desk = useContext(ComposerContext);
  if (!desk) throw new Error("useComposer needs a ComposerProvider around it");
  return desk;
}
