import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";

/** In the footer of the sidebar: links to the user's settings. */
export function MySettingsLink() {
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  return (
    <Link className="sidebar__me" to="/users/me/profile" title={strings.profile.open}>
      <Avatar initials={me.initials} color={me.color} src={me.avatar_url} />
      <span className="sidebar__my-name" dir="auto">
        {me.name}
      </span>
      <span className="visually-hidden">{strings.profile.open}</span>
    </Link>
  );
}
