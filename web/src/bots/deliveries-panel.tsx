import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, Send } from "lucide-react";
import { useMemo } from "react";
import { roomsQuery } from "../rooms/queries";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { LoadMore } from "../ui/load-more";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { QueryBoundary } from "../ui/query-boundary";
import { useLoadMore } from "../ui/use-load-more";
import type { Bot } from "./api";
import { DeliveryItem } from "./delivery-item";
import { deliveriesQuery, refreshDeliveries } from "./queries";

/** The log of webhook deliveries. */
export function DeliveriesPanel({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const log = useInfiniteQuery(deliveriesQuery(bot.id));
  const { data: rooms } = useQuery(roomsQuery);
  const roomNames = useMemo(() => new Map(rooms?.map(({ id, name }) => [id, name])), [rooms]);
  const more = useLoadMore(log);
  return (
    <Panel title={strings.bots.logTitle} intro={strings.bots.logIntro}>
      <QueryBoundary query={log} failedTitle={strings.bots.logFailedTitle}>
        {({ pages }) => {
          const deliveries = pages.flatMap(({ items }) => items);
          return (
            <>
              {deliveries.length === 0 ? (
                <Notice icon={<Send />} title={strings.bots.logEmptyTitle}>
                  {strings.bots.logEmpty}
                </Notice>
              ) : (
                <ul className="deliveries" aria-label={strings.bots.logTitle}>
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
              <LoadMore {...more} label={strings.bots.older} />
              <div className="panel__buttons">
                <Button
                  onClick={() => refreshDeliveries(cache, bot.id)}
                  busy={log.isRefetching && !log.isFetchingNextPage}
                >
                  <RefreshCw aria-hidden="true" />
                  {strings.bots.refresh}
                </Button>
              </div>
            </>
          );
        }}
      </QueryBoundary>
    </Panel>
  );
}
