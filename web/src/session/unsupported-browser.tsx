import { strings } from "../strings";
import { Button } from "../ui/button";
import { usePageTitle } from "../ui/page-title";
import { continueAnyway, supportedBrowsers } from "./browser-support";
import { SignInCard } from "./sign-in-card";

/** Shown instead of the app in a browser that does not support it. */
export default function UnsupportedBrowser() {
  usePageTitle(strings.signInPages.oldPageTitle);
  return (
    <SignInCard title={strings.signInPages.oldTitle} intro={strings.signInPages.old}>
      <div className="credentials">
        <ul className="unsupported-browser">
          {supportedBrowsers.map(({ name, version }) => (
            <li className="unsupported-browser__line" key={name}>
              <span>{name}</span>
              <span>{strings.signInPages.oldVersion(version)}</span>
            </li>
          ))}
        </ul>
        <Button onClick={continueAnyway}>{strings.signInPages.oldAnyway}</Button>
      </div>
    </SignInCard>
  );
}
