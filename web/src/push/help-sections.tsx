import { strings } from "../strings";
import { Steps } from "../ui/steps";
import type { HelpSection } from "./help";

/** Foldable steps; a single part is open at once. */
export function HelpSections({ parts }: { parts: readonly HelpSection[] }) {
  return (
    <div className="help-parts">
      {parts.map(({ name, steps }) => (
        <details key={name} className="help-part" open={parts.length === 1}>
          <summary className="help-part__title">{strings.push.parts[name]}</summary>
          <Steps steps={steps} />
        </details>
      ))}
    </div>
  );
}
