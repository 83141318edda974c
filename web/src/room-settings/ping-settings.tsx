import type { Room, User } from "../api/types";
import { aboutPerson, PersonLine } from "../people/person-line";
import { strings } from "../strings";
import { Panel } from "../ui/panel";
import { LeaveRoom } from "./leave-room";
import { RemoveRoom } from "./remove-room";

/** The members of a ping, and buttons to leave or delete it. */
export function PingSettings({ me, room }: { me: User; room: Room }) {
  const others = room.members ?? [];
  const people = others.length > 0 ? others : [me];
  return (
    <>
      <Panel title={strings.roomForms.who}>
        <ul className="people">
          {people.map((person) => (
            <li key={person.id}>
              <PersonLine person={person} about={aboutPerson(person, me.id)} />
            </li>
          ))}
        </ul>
      </Panel>
      <Panel>
        {others.length > 1 && <LeaveRoom room={room} />}
        <RemoveRoom room={room} />
      </Panel>
    </>
  );
}
