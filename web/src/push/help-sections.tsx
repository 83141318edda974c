import { words } from "../strings";
import { Steps } from "../ui/steps";
import type { HelpPart } from "./help";

/** Foldable steps; a single part is open at once. */
export function HelpParts({ parts }: { parts: readonly HelpPart[] }) {
  return (
    <div className="help-parts">
      {parts.map(({ name, steps }) => (
        <details key={name} className="help-part" open={parts.length === 1}>
          <summary className="help-part__title">{words.push.parts[name]}</summary>
          <Steps steps={steps} />
        </details>
      ))}
    </div>
  );
}
