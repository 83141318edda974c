import { useQuery } from "@tanstack/react-query";
import { BlockButton } from "../people/block-button";
import { PersonLine } from "../people/person-line";
import { blocksQuery } from "../people/queries";
import { strings } from "../strings";
import { Panel } from "../ui/panel";

/** The users that the current user has blocked. Renders nothing if there are none. */
export function BlockedPanel() {
  const { data: people } = useQuery(blocksQuery);
  if (!people || people.length === 0) return null;
  return (
    <Panel title={strings.profile.blocks}>
      <ul className="people">
        {people.map((person) => (
          <li key={person.id}>
            <PersonLine person={person}>
              <BlockButton person={person} />
            </PersonLine>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
