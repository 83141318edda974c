import { useQuery } from "@tanstack/react-query";
import { Pencil, UserX } from "lucide-react";
import { Link, useParams } from "react-router";
import { statusOf } from "../api/problem";
import type { Person } from "../api/types";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { classNames } from "../ui/button";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { Administration } from "./administration";
import { BlockButton } from "./block-button";
import { aboutPerson } from "./person-line";
import { PingButton } from "./ping-button";
import { personQuery } from "./queries";

/** `/users/1`: a user's profile. */
export default function PersonPage() {
  const { userId = "" } = useParams();
  const id = /^[1-9]\d{0,15}$/.test(userId) ? Number(userId) : 0;
  return <PersonView key={id} id={id} />;
}

function PersonView({ id }: { id: number }) {
  const person = useQuery({ ...personQuery(id), enabled: id > 0 });
  if (id === 0 || statusOf(person.error) === 404) {
    return (
      <PanelPage title={strings.people.unknownTitle}>
        <Notice icon={<UserX />} title={strings.people.unknownTitle}>
          {strings.people.unknown}
        </Notice>
      </PanelPage>
    );
  }
  return (
    <PanelPage title={person.data?.name ?? strings.product} key={person.data ? "known" : "waiting"}>
      <QueryBoundary query={person} failedTitle={strings.people.failedTitle}>
        {(known) => <Card person={known} />}
      </QueryBoundary>
    </PanelPage>
  );
}

function Card({ person }: { person: Person }) {
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  const isMe = me.id === person.id;
  const isHere = person.status === "active";
  const administers = me.role === "administrator" && !isMe && person.role !== "bot";
  return (
    <>
      <Panel className="person-card">
        <span
          className={classNames("person-card__picture", !isHere && "person-card__picture--out")}
          aria-hidden="true"
        >
          <Avatar initials={person.initials} color={person.color} src={person.avatar_url} />
        </span>
        {/* The page heading shows the name already. */}
        <p className="person-card__name" dir="auto" aria-hidden="true">
          {person.name}
        </p>
        <p className="person-card__about">{aboutPerson(person, me.id)}</p>
        {person.email_address && (
          <a
            className="link"
            href={`mailto:${person.email_address}`}
            title={strings.people.email(person.name)}
          >
            {person.email_address}
          </a>
        )}
        {person.bio && (
          <p className="person-card__bio" dir="auto">
            {person.bio}
          </p>
        )}
        {person.status === "deactivated" && (
          <p className="person-card__gone">{strings.people.gone(person.name)}</p>
        )}
        <div className="person-card__buttons">
          {isHere && <PingButton person={person} />}
          {isMe ? (
            <Link className="button button--plain" to="/users/me/profile">
              <Pencil aria-hidden="true" />
              {strings.people.edit}
            </Link>
          ) : (
            person.role !== "bot" &&
            person.status !== "deactivated" && <BlockButton person={person} />
          )}
        </div>
      </Panel>
      {administers && person.status !== "deactivated" && <Administration person={person} />}
    </>
  );
}
