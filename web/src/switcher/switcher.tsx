import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Hash, Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import { peopleByNameQuery } from "../people/queries";
import { patchRooms } from "../rooms/cache";
import { roomsQuery } from "../rooms/queries";
import { recentRooms } from "../rooms/recent-rooms";
import { withRoom } from "../rooms/room-list";
import { useSearch } from "../search/use-search";
import { useSearchEnabled } from "../search/use-search-enabled";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames, LoadingDots } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { type Destination, destinationsOf, searchFor } from "./destinations";
import { ranked } from "./rank";

/** The maximum number of results. */
const maxResults = 12;

/** Ctrl/Cmd+K: quick navigation to rooms, users and the message search. */
export default function Switcher({ onClose }: { onClose: () => void }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const { results, peopleFailed } = useResults(query);
  const { go, problem, busy } = useDestinationNavigation(onClose);
  const at = Math.min(active, results.length - 1);

  const move = (to: number) => {
    const next = (to + results.length) % results.length;
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || results.length === 0) return;
    if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at - 1);
    else if (event.key === "Enter") go(results[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title={strings.switcher.title} className="switcher" onClose={onClose} bare>
      <label className="switcher__line">
        <Search aria-hidden="true" />
        <span className="visually-hidden">{strings.switcher.field}</span>
        <input
          className="switcher__field"
          role="combobox"
          aria-expanded={results.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={results[at] && `${id}-${results[at].key}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={strings.switcher.placeholder}
          value={query}
          maxLength={100}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        {busy && <LoadingDots />}
      </label>
      <div
        id={`${id}-list`}
        ref={list}
        className="switcher__list"
        role="listbox"
        aria-label={strings.switcher.results}
      >
        {results.map((result, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the focused field handles the keys
          <div
            key={result.key}
            id={`${id}-${result.key}`}
            className={classNames("switcher__option", index === at && "switcher__option--active")}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => setActive(index)}
            onClick={() => go(result)}
          >
            <Option destination={result} />
          </div>
        ))}
      </div>
      <p className={results.length === 0 ? "switcher__note" : "visually-hidden"} role="status">
        {results.length === 0 ? strings.switcher.none : strings.switcher.count(results.length)}
      </p>
      {(problem ?? peopleFailed) && (
        <p className="dialog__problem" role="alert">
          {problem ?? strings.switcher.peopleFailed}
        </p>
      )}
    </Dialog>
  );
}

function Option({ destination }: { destination: Destination }) {
  if ("search" in destination) {
    return (
      <>
        <span className="switcher__icon" aria-hidden="true">
          <Search />
        </span>
        <span className="switcher__name">{destination.name}</span>
        <span className="switcher__kind">{strings.search.kind}</span>
      </>
    );
  }
  const person = "person" in destination ? destination.person : destination.room.members?.[0];
  const isRoom = "room" in destination && destination.room.type !== "direct";
  const isUnread = "room" in destination && destination.room.unread;
  return (
    <>
      {person && !isRoom ? (
        <Avatar initials={person.initials} color={person.color} src={person.avatar_url} />
      ) : (
        <span className="switcher__icon" aria-hidden="true">
          <Hash />
        </span>
      )}
      <span className={classNames("switcher__name", isUnread && "switcher__name--unread")}>
        {destination.name}
      </span>
      {isUnread && <span className="visually-hidden">{strings.sidebar.unread}</span>}
      <span className="switcher__kind">
        {isRoom ? strings.switcher.room : strings.switcher.person}
      </span>
    </>
  );
}

function useResults(query: string) {
  const deferredQuery = useDeferredValue(query);
  const canSearch = useSearchEnabled();
  const { data: me } = useQuery(meQuery);
  const { data: rooms } = useQuery(roomsQuery);
  const everyone = useQuery(peopleByNameQuery(""));
  // A large account does not fit into one response, so the server filters as well.
  const matching = useQuery({
    ...peopleByNameQuery(deferredQuery.trim()),
    enabled: everyone.data?.isCut === true && deferredQuery.trim() !== "",
    placeholderData: keepPreviousData,
  });
  const results = useMemo(() => {
    if (!me) return [];
    const people = new Map(
      [...(everyone.data?.people ?? []), ...(matching.data?.people ?? [])].map((person) => [
        person.id,
        person,
      ]),
    );
    const all = destinationsOf(rooms ?? [], [...people.values()], recentRooms(me.id), me.id);
    const matches = ranked(all, deferredQuery).slice(0, maxResults);
    return canSearch && deferredQuery.trim() !== ""
      ? [...matches, searchFor(deferredQuery)]
      : matches;
  }, [me, rooms, everyone.data, matching.data, deferredQuery, canSearch]);
  return { results, peopleFailed: everyone.isError };
}

/** Opens a destination. A ping is found or created. */
function useDestinationNavigation(onClose: () => void) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const go = async (destination: Destination | undefined) => {
    if (!destination || busy) return;
    if ("search" in destination) {
      onClose();
      return search(destination.search);
    }
    try {
      let roomId: number;
      if ("room" in destination) roomId = destination.room.id;
      else {
        setBusy(true);
        setProblem(null);
        const body = { type: "direct" as const, user_ids: [destination.person.id] };
        const room = await unwrap(api.POST("/api/v1/rooms", { body }));
        patchRooms(cache, (rooms) => withRoom(rooms, room));
        roomId = room.id;
      }
      onClose();
      navigate(`/rooms/${roomId}`);
    } catch (error) {
      setProblem(strings.switcher.failed(errorMessage(error)));
      setBusy(false);
    }
  };
  return { go, problem, busy };
}
