import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MessageCirclePlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { User } from "../api/types";
import { suggestionsQuery } from "../people/queries";
import { useStartPing } from "../rooms/start-ping";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { bestMatches } from "../ui/fuzzy-match";
import { type Pill, PillField } from "../ui/pill-field";
import { ProblemText } from "../ui/problem-text";
import { useDebounced } from "../ui/use-debounced";
import { useTask } from "../ui/use-task";

const maxSuggestions = 8;

/** How many suggestions are requested; chosen users are left out, and better matches come first. */
const fetchLimit = 50;

/** How long typing must pause before a request, in milliseconds. */
const requestDelay = 150;

interface Props {
  onDone?: () => void;
}

/** The form for a ping with one or several users. */
export function PingForm({ onDone }: Props) {
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [query, setQuery] = useState("");
  const [announcement, setAnnouncement] = useState("");
  const { data: me } = useQuery(meQuery);
  const debouncedQuery = useDebounced(query.trim(), requestDelay);
  const found = useQuery({
    ...suggestionsQuery(debouncedQuery, fetchLimit),
    placeholderData: keepPreviousData,
  });
  const start = useStartPing();
  const ping = useTask(async () => {
    await start(chosen.map(({ id }) => id));
    onDone?.();
  });

  const excludedIds = new Set([me?.id, ...chosen.map(({ id }) => id)]);
  // The response takes longer than typing: Enter must not choose a user whose name does not match.
  const available = (found.data ?? []).filter(({ id }) => !excludedIds.has(id));
  const suggested = bestMatches(available, query, [
    "exact",
    "prefix",
    "word-prefix",
    "substring",
  ]).slice(0, maxSuggestions);

  const add = ({ id }: Pill) => {
    const person = suggested.find((other) => other.id === id);
    if (!person) return;
    setChosen([...chosen, person]);
    setQuery("");
    setAnnouncement(strings.pings.added(person.name));
  };
  const remove = ({ id, label }: Pill) => {
    setChosen(chosen.filter((person) => person.id !== id));
    setAnnouncement(strings.pings.removed(label));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen.length > 0) ping.run();
  };

  return (
    <form className="ping-form" onSubmit={submit}>
      <PillField
        label={strings.pings.field}
        placeholder={strings.pings.hint}
        chosen={chosen.map(pillOf)}
        suggestions={suggested.map(pillOf)}
        query={query}
        onQuery={(text) => {
          setQuery(text);
          setAnnouncement("");
        }}
        onAdd={add}
        onRemove={remove}
        chosenLabel={strings.pings.chosen}
        suggestionsLabel={strings.pings.suggestions}
        removeLabel={strings.pings.remove}
        nothing={
          found.isSuccess && !found.isPlaceholderData && query.trim() !== "" ? (
            <p className="panel__note">{strings.pings.none}</p>
          ) : null
        }
      />
      {found.isError && <ProblemText error={found.error} />}
      <ProblemText error={ping.error} />
      <span className="visually-hidden" role="status">
        {announcement || (debouncedQuery !== "" && strings.pings.count(suggested.length))}
      </span>
      <div className="panel__buttons">
        <Button type="submit" look="reversed" busy={ping.busy} disabled={chosen.length === 0}>
          <MessageCirclePlus aria-hidden="true" />
          {strings.pings.start}
        </Button>
      </div>
    </form>
  );
}

function pillOf({ id, name, initials, color, avatar_url }: User): Pill {
  return {
    id,
    label: name,
    picture: <Avatar initials={initials} color={color} src={avatar_url} />,
  };
}
