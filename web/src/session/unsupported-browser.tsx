import { words } from "../strings";
import { Button } from "../ui/button";
import { useTitle } from "../ui/page-title";
import { supported, tryAnyway } from "./browser-support";
import { NameTag } from "./sign-in-card";

/** Instead of everything else, in a browser that cannot show it. */
export default function UnsupportedBrowser() {
  useTitle(words.doors.oldPageTitle);
  return (
    <NameTag title={words.doors.oldTitle} intro={words.doors.old}>
      <div className="credentials">
        <ul className="old-browser">
          {supported.map(({ name, version }) => (
            <li className="old-browser__line" key={name}>
              <span>{name}</span>
              <span>{words.doors.oldVersion(version)}</span>
            </li>
          ))}
        </ul>
        <Button onClick={tryAnyway}>{words.doors.oldAnyway}</Button>
      </div>
    </NameTag>
  );
}
