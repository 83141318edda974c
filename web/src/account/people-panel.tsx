import { Pencil } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { Link } from "react-router";
import type { Person, User } from "../api/types";
import { AdministratorToggle } from "../people/administrator-toggle";
import { aboutPerson, PersonLine } from "../people/person-line";
import { RemovePerson } from "../people/remove-person";
import { useDirectory } from "../people/use-directory";
import { strings } from "../strings";
import { FilterField } from "../ui/filter-field";
import { LoadMore } from "../ui/load-more";
import { Panel } from "../ui/panel";
import { QueryBoundary } from "../ui/query-boundary";

/** The filter is shown for more people than this. */
const filterAbove = 20;

/** All users of the account: administrators, then members. Bots have a separate page. */
export function PeoplePanel({ me }: { me: User }) {
  const [filter, setFilter] = useState("");
  const administers = me.role === "administrator";
  const { people, more, query } = useDirectory(filter, administers);
  const { administrators, members } = useMemo(() => grouped(people ?? []), [people]);
  const isLong = (people?.length ?? 0) > filterAbove || filter !== "";
  return (
    <Panel title={strings.account.people}>
      {isLong && <FilterField label={strings.people.filter} value={filter} onChange={setFilter} />}
      <QueryBoundary query={query} failedTitle={strings.people.failedTitle}>
        {() => (
          <div>
            <Group title={strings.account.administrators} people={administrators} me={me} />
            <Group title={strings.account.members} people={members} me={me} />
            {administrators.length + members.length === 0 && (
              <p className="panel__note" role="status">
                {strings.people.none}
              </p>
            )}
            <LoadMore {...more} />
          </div>
        )}
      </QueryBoundary>
    </Panel>
  );
}

interface GroupProps {
  title: string;
  people: readonly Person[];
  me: User;
}

/** Memoized: renders when its users change, not on each key press in the filter. */
const Group = memo(function Group({ title, people, me }: GroupProps) {
  if (people.length === 0) return null;
  return (
    <>
      <h3 className="people__heading">{title}</h3>
      <ul className="people">
        {people.map((person) => (
          <li key={person.id}>
            <PersonLine person={person} about={aboutInList(person, me)}>
              {me.role === "administrator" && person.status === "active" && (
                <AdministratorToggle person={person} disabled={person.id === me.id} />
              )}
              {me.role === "administrator" && person.id !== me.id && (
                <RemovePerson person={person} />
              )}
              {person.id === me.id && <MySettings />}
            </PersonLine>
          </li>
        ))}
      </ul>
    </>
  );
});

function MySettings() {
  return (
    <Link
      className="icon-button icon-button--plain"
      to="/users/me/profile"
      title={strings.people.edit}
      aria-label={strings.people.edit}
    >
      <Pencil aria-hidden="true" />
    </Link>
  );
}

/** The heading shows the role already. */
function aboutInList(person: Person, me: User): string {
  return aboutPerson({ ...person, role: "member" }, me.id);
}

function grouped(people: readonly Person[]) {
  const shown = people.filter(({ role, status }) => role !== "bot" && status !== "deactivated");
  return {
    administrators: shown.filter(({ role }) => role === "administrator"),
    members: shown.filter(({ role }) => role !== "administrator"),
  };
}
