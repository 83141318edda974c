import { Check } from "lucide-react";
import { memo, useCallback, useMemo, useState } from "react";
import type { User } from "../api/types";
import { aboutPerson, PersonName } from "../people/person-line";
import { usePeople } from "../people/use-directory";
import { words } from "../strings";
import { FilterField } from "../ui/filter-field";
import { More } from "../ui/load-more";
import { Loaded } from "../ui/query-boundary";
import { Switch } from "../ui/switch";
import { arranged } from "./group-members";

/** From how many people on a filter helps. */
const filterAbove = 20;

interface Props {
  me: User;
  /** Who was in the room when the form was opened: they come first, above a line. */
  members: readonly User[];
  /** Who will be in it. Null means everybody. */
  chosen: ReadonlySet<number> | null;
  /** Cannot be taken out. */
  fixed?: number | undefined;
  /** Nothing can be changed. */
  readOnly?: boolean;
  onChange?: (id: number, isIn: boolean) => void;
}

/** The people of a room: each with a switch, or with a sign that they are in. */
export function PeopleList({ me, members, chosen, fixed, readOnly, onChange }: Props) {
  const [filter, setFilter] = useState("");
  const { people, more, query } = usePeople(filter);
  const groups = useMemo(
    () => arranged(members, people ?? [], filter, chosen === null),
    [members, people, filter, chosen],
  );
  const isLong = members.length + (people?.length ?? 0) > filterAbove || filter !== "";

  const change = useCallback((id: number, isIn: boolean) => onChange?.(id, isIn), [onChange]);
  const line = (person: User) => (
    <li key={person.id}>
      <PersonOfRoom
        person={person}
        myId={me.id}
        isIn={chosen === null || chosen.has(person.id)}
        isFixed={chosen === null || readOnly === true || person.id === fixed}
        onChange={change}
      />
    </li>
  );

  return (
    <>
      {isLong && <FilterField label={words.people.filter} value={filter} onChange={setFilter} />}
      <Loaded query={query} failedTitle={words.people.failedTitle}>
        {() => (
          <>
            {groups.inside.length > 0 && <ul className="people">{groups.inside.map(line)}</ul>}
            {groups.inside.length > 0 && groups.others.length > 0 && (
              <div className="people__rule" aria-hidden="true" />
            )}
            {groups.others.length > 0 && <ul className="people">{groups.others.map(line)}</ul>}
            {groups.inside.length + groups.others.length === 0 && (
              <p className="panel__note" role="status">
                {words.people.none}
              </p>
            )}
            <More {...more} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface PersonProps {
  person: User;
  myId: number;
  isIn: boolean;
  isFixed: boolean;
  onChange: (id: number, isIn: boolean) => void;
}

/** Of thousands, only the one that was switched is drawn anew. */
const PersonOfRoom = memo(function PersonOfRoom(props: PersonProps) {
  const { person, myId, isIn, isFixed, onChange } = props;
  const about = aboutPerson(person, myId);
  if (isFixed) {
    return (
      <div className="people__line">
        <PersonName person={person} about={about} />
        {isIn && (
          <>
            <Check className="person-line__sign" aria-hidden="true" />
            <span className="visually-hidden">{words.roomForms.hasAccess}</span>
          </>
        )}
      </div>
    );
  }
  return (
    <Switch
      className="people__line"
      label={words.roomForms.give(person.name)}
      checked={isIn}
      onChange={(event) => onChange(person.id, event.target.checked)}
    >
      <PersonName person={person} about={about} />
    </Switch>
  );
});
