import { strings } from "../strings";
import { Button } from "../ui/button";
import { usePageTitle } from "../ui/page-title";
import { continueAnyway, supported } from "./browser-support";
import { SignInCard } from "./sign-in-card";

/** Instead of everything else, in a browser that cannot show it. */
export default function UnsupportedBrowser() {
  usePageTitle(strings.doors.oldPageTitle);
  return (
    <SignInCard title={strings.doors.oldTitle} intro={strings.doors.old}>
      <div className="credentials">
        <ul className="old-browser">
          {supported.map(({ name, version }) => (
            <li className="old-browser__line" key={name}>
              <span>{name}</span>
              <span>{strings.doors.oldVersion(version)}</span>
            </li>
          ))}
        </ul>
        <Button onClick={continueAnyway}>{strings.doors.oldAnyway}</Button>
      </div>
    </SignInCard>
  );
}
