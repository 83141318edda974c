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
  register: (handler: ReplyHandler) => () => void;
}

const ComposerContext = createContext<ComposerContextValue | null>(null);

/** Connects a room's messages with its composer. */
export function ComposerProvider({ children }: { children: ReactNode }) {
  const handler = useRef<ReplyHandler | null>(null);
  const value = useMemo<ComposerContextValue>(
    () => ({
      reply: (quoted) => handler.current?.(quoted),
      register: (composer) => {
        handler.current = composer;
        return () => {
          if (handler.current === composer) handler.current = null;
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
export function useReplies(onReply: ReplyHandler) {
  const { register } = useComposerContext();
  const latest = useRef(onReply);
  latest.current = onReply;
  const handler = useCallback<ReplyHandler>((quoted) => latest.current(quoted), []);
  useEffect(() => register(handler), [register, handler]);
}

function useComposerContext(): ComposerContextValue {
  const actions = useContext(ComposerContext);
  if (!actions) throw new Error("useComposer must be used inside ComposerProvider");
  return actions;
}
