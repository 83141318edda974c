import { strings } from "../strings";
import { Steps } from "../ui/steps";
import type { HelpSection } from "./help";

/** Collapsible instructions; a single section is open. */
export function HelpSections({ parts }: { parts: readonly HelpSection[] }) {
  return (
    <div className="help-sections">
      {parts.map(({ name, steps }) => (
        <details key={name} className="help-section" open={parts.length === 1}>
          <summary className="help-section__title">{strings.push.parts[name]}</summary>
          <Steps steps={steps} />
        </details>
      ))}
    </div>
  );
}
