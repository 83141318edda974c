import { createContext, useContext } from "react";
import type { Message } from "../api/types";
import type { Boosting } from "../boosts/use-boosts";

/** Actions for messages. */
export interface MessageTools {
  boosting: Boosting;
  /** Whether the user may edit and delete it. */
  mayChange: (message: Message) => boolean;
  reply: (message: Message) => void;
  copyLink: (message: Message) => void;
  edit: (message: Message) => void;
  stopEditing: () => void;
  /** Asks for confirmation. */
  remove: (message: Message) => void;
  bookmark: (message: Message, wanted: boolean) => void;
  markUnread: (message: Message) => void;
}

const ToolsContext = createContext<MessageTools | null>(null);

export const ToolsProvider = ToolsContext.Provider;

export function useTools(): MessageTools {
  const tools = useContext(ToolsContext);
  if (!tools) throw new Error("useTools must be used inside ToolsProvider");
  return tools;
}
