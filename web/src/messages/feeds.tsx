import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { RoomFeed } from "./feed";

type FeedOf = (roomId: number) => RoomFeed;

const FeedsContext = createContext<FeedOf | null>(null);

/** Holds a feed for each room that was opened since sign-in. */
export function FeedsProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const feedOf = useMemo<FeedOf>(() => {
    const feeds = new Map<number, RoomFeed>();
    return (roomId) => {
      const feed = feeds.get(roomId) ?? new RoomFeed(cache, roomId);
      feeds.set(roomId, feed);
      return feed;
    };
  }, [cache]);
  return <FeedsContext value={feedOf}>{children}</FeedsContext>;
}

export function useFeedOf(): FeedOf {
  const feedOf = useContext(FeedsContext);
  if (!feedOf) throw new Error("useFeedOf must be used inside FeedsProvider");
  return feedOf;
}
