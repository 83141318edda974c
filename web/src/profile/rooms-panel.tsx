import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Room } from "../api/types";
import { InvolvementButton } from "../rooms/involvement-button";
import { strings } from "../strings";
import { classNames } from "../ui/button";
import { Panel } from "../ui/panel";
import { QueryBoundary } from "../ui/query-boundary";
import { allRoomsQuery } from "./queries";

const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** The user's rooms with their involvement: shared rooms, then pings. */
export function RoomsPanel() {
  const rooms = useQuery(allRoomsQuery);
  return (
    <Panel title={strings.profile.rooms} intro={strings.profile.roomsIntro}>
      <QueryBoundary query={rooms} failedTitle={strings.profile.roomsFailed}>
        {(all) => {
          const sorted = all.toSorted((a, b) => byName.compare(a.name, b.name) || a.id - b.id);
          const pings = sorted.filter(({ type }) => type === "direct");
          const shared = sorted.filter(({ type }) => type !== "direct");
          if (sorted.length === 0) return <p className="panel__note">{strings.profile.noRooms}</p>;
          return (
            <>
              {shared.length > 0 && <Rooms label={strings.profile.shared} rooms={shared} />}
              {shared.length > 0 && pings.length > 0 && (
                <div className="people__rule" aria-hidden="true" />
              )}
              {pings.length > 0 && <Rooms label={strings.profile.pings} rooms={pings} />}
            </>
          );
        }}
      </QueryBoundary>
    </Panel>
  );
}

function Rooms({ label, rooms }: { label: string; rooms: readonly Room[] }) {
  return (
    <ul className="room-bells" aria-label={label}>
      {rooms.map((room) => (
        <li
          key={room.id}
          className={classNames(
            "room-bell",
            room.involvement === "invisible" && "room-bell--invisible",
          )}
        >
          <Link className="room-bell__name" to={`/rooms/${room.id}`} dir="auto">
            {room.name}
          </Link>
          <InvolvementButton room={room} />
        </li>
      ))}
    </ul>
  );
}
