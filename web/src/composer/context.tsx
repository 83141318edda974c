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
  /** Starts a reply to a message in the composer, and focuses it. */
  reply: ReplyHandler;
}

interface ComposerContextValue extends ComposerActions {
  /** Registers the composer that takes replies. Returns a function that unregisters it. */
  register: (taking: ReplyHandler) => () => void;
}

const ComposerContext = createContext<ComposerContextValue | null>(null);

/** Connects a room's messages with its composer. */
export function ComposerProvider({ children }: { children: ReactNode }) {
  const taking = useRef<ReplyHandler | null>(null);
  const value = useMemo<ComposerContextValue>(
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
  return <ComposerContext value={value}>{children}</ComposerContext>;
}

/** The actions of the composer that messages use. */
export function useComposer(): ComposerActions {
  return useComposerContext();
}

/** Registers a handler for replies. */
export function useReplies(take: ReplyHandler) {
  const { register } = useComposerContext();
  const latest = useRef(take);
  latest.current = take;
  const taking = useCallback<ReplyHandler>((quoted) => latest.current(quoted), []);
  useEffect(() => register(taking), [register, taking]);
}

function useComposerContext(): ComposerContextValue {
  const actions = useContext(ComposerContext);
  if (!actions) throw new Error("useComposer must be used inside ComposerProvider");
  return actions;
}
