import { Check } from "lucide-react";
import { memo, useCallback, useMemo, useState } from "react";
import type { User } from "../api/types";
import { aboutPerson, PersonName } from "../people/person-line";
import { useDirectory } from "../people/use-directory";
import { strings } from "../strings";
import { FilterField } from "../ui/filter-field";
import { LoadMore } from "../ui/load-more";
import { QueryBoundary } from "../ui/query-boundary";
import { Switch } from "../ui/switch";
import { groupMembers } from "./group-members";

/** The filter is shown for more people than this. */
const showFilterAbove = 20;

interface Props {
  me: User;
  /** The members when the form was opened, listed first. */
  members: readonly User[];
  /** The ids of the chosen users. Null means everyone. */
  chosen: ReadonlySet<number> | null;
  /** The id of a user who cannot be removed. */
  fixed?: number | undefined;
  readOnly?: boolean;
  onChange?: (id: number, isIn: boolean) => void;
}

/** Lists users with a switch for each, or with a check mark if it cannot be changed. */
export function MemberPicker({ me, members, chosen, fixed, readOnly, onChange }: Props) {
  const [filter, setFilter] = useState("");
  const { people, more, query } = useDirectory(filter);
  const groups = useMemo(
    () => groupMembers(members, people ?? [], filter, chosen === null),
    [members, people, filter, chosen],
  );
  const isLong = members.length + (people?.length ?? 0) > showFilterAbove || filter !== "";

  const change = useCallback((id: number, isIn: boolean) => onChange?.(id, isIn), [onChange]);
  const line = (person: User) => (
    <li key={person.id}>
      <MemberSwitch
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
      {isLong && <FilterField label={strings.people.filter} value={filter} onChange={setFilter} />}
      <QueryBoundary query={query} failedTitle={strings.people.failedTitle}>
        {() => (
          <>
            {groups.members.length > 0 && <ul className="people">{groups.members.map(line)}</ul>}
            {groups.members.length > 0 && groups.others.length > 0 && (
              <div className="people__rule" aria-hidden="true" />
            )}
            {groups.others.length > 0 && <ul className="people">{groups.others.map(line)}</ul>}
            {groups.members.length + groups.others.length === 0 && (
              <p className="panel__note" role="status">
                {strings.people.none}
              </p>
            )}
            <LoadMore {...more} />
          </>
        )}
      </QueryBoundary>
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

/** Memoized: of thousands, only the one that was switched renders again. */
const MemberSwitch = memo(function PersonOfRoom(props: PersonProps) {
  const { person, myId, isIn, isFixed, onChange } = props;
  const about = aboutPerson(person, myId);
  if (isFixed) {
    return (
      <div className="people__line">
        <PersonName person={person} about={about} />
        {isIn && (
          <>
            <Check className="person-line__icon" aria-hidden="true" />
            <span className="visually-hidden">{strings.roomForms.hasAccess}</span>
          </>
        )}
      </div>
    );
  }
  return (
    <Switch
      className="people__line"
      label={strings.roomForms.give(person.name)}
      checked={isIn}
      onChange={(event) => onChange(person.id, event.target.checked)}
    >
      <PersonName person={person} about={about} />
    </Switch>
  );
});
