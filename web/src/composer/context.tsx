/** Placeholder. */
export interface Composing {
  reply: (to: { roomId: number; messageId: number; author: string; html: string }) => void;
}

const nothing: Composing = { reply: () => undefined };

export function useComposer(): Composing {
  return nothing;
}
