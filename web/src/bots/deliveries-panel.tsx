import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, Send } from "lucide-react";
import { useMemo } from "react";
import { roomsQuery } from "../rooms/queries";
import { words } from "../strings";
import { Button } from "../ui/button";
import { More } from "../ui/load-more";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { Loaded } from "../ui/query-boundary";
import { useMore } from "../ui/use-load-more";
import type { Bot } from "./api";
import { DeliveryItem } from "./delivery-item";
import { deliveriesQuery, logChanged } from "./queries";

/** What the webhook was sent, and what became of it. */
export function DeliveriesPanel({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const log = useInfiniteQuery(deliveriesQuery(bot.id));
  const { data: rooms } = useQuery(roomsQuery);
  const roomNames = useMemo(() => new Map(rooms?.map(({ id, name }) => [id, name])), [rooms]);
  const more = useMore(log);
  return (
    <Panel title={words.bots.logTitle} intro={words.bots.logIntro}>
      <Loaded query={log} failedTitle={words.bots.logFailedTitle}>
        {({ pages }) => {
          const deliveries = pages.flatMap(({ items }) => items);
          return (
            <>
              {deliveries.length === 0 ? (
                <Notice icon={<Send />} title={words.bots.logEmptyTitle}>
                  {words.bots.logEmpty}
                </Notice>
              ) : (
                <ul className="deliveries" aria-label={words.bots.logTitle}>
                  {deliveries.map((delivery) => (
                    <li key={delivery.id}>
                      <DeliveryItem
                        botId={bot.id}
                        delivery={delivery}
                        roomName={roomNames.get(delivery.room_id ?? 0)}
                      />
                    </li>
                  ))}
                </ul>
              )}
              <More {...more} label={words.bots.older} />
              <div className="panel__buttons">
                <Button
                  onClick={() => logChanged(cache, bot.id)}
                  busy={log.isRefetching && !log.isFetchingNextPage}
                >
                  <RefreshCw aria-hidden="true" />
                  {words.bots.refresh}
                </Button>
              </div>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
