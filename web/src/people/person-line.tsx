import type { ReactNode } from "react";
import { Link } from "react-router";
import type { User } from "../api/types";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";

interface Props {
  person: User;
  /** A few words about the user. */
  about?: string | undefined;
  /** Buttons at the end of the line. */
  children?: ReactNode;
}

/** A user in a list, linked to their profile. */
export function PersonLine({ person, about, children }: Props) {
  return (
    <div className="person-line">
      <Link className="person-line__who" to={`/users/${person.id}`}>
        <PersonName person={person} about={about} />
      </Link>
      {children}
    </div>
  );
}

/** Avatar, name and a few words about a user, without a link. */
export function PersonName({ person, about }: { person: User; about?: string | undefined }) {
  return (
    <>
      <span
        className={classNames("person-line__picture", isOut(person) && "person-line__picture--out")}
      >
        <Avatar initials={person.initials} color={person.color} src={person.avatar_url} />
      </span>
      <span className="person-line__name" dir="auto">
        {person.name}
      </span>
      {about && <span className="person-line__about">{about}</span>}
    </>
  );
}

/** A description such as "administrator, you". */
export function aboutPerson(person: User, myId?: number): string {
  const facts = [
    person.role === "administrator" && strings.people.administrator,
    person.role === "bot" && strings.people.bot,
    person.status === "banned" && strings.people.banned,
    person.status === "deactivated" && strings.people.deactivated,
    person.id === myId && strings.people.you,
  ];
  return facts.filter(Boolean).join(", ");
}

function isOut({ status }: User): boolean {
  return status !== "active";
}
