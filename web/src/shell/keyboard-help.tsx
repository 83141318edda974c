import { Fragment } from "react";
import { strings } from "../strings";
import { Dialog } from "../ui/dialog";
import { type Shortcut, sectionsFor } from "./keyboard-shortcuts";

export default function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <Dialog title={strings.keyboard.title} className="keyboard-help" onClose={onClose}>
      <div className="keyboard-help__sections">
        {sectionsFor(isApple).map(({ title, shortcuts }) => (
          <section key={title} className="keyboard-help__section">
            <h3 className="keyboard-help__heading">{title}</h3>
            <dl className="keyboard-help__list">
              {shortcuts.map((shortcut) => (
                <ShortcutLine key={shortcut.does} shortcut={shortcut} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function ShortcutLine({ shortcut: { does, strokes } }: { shortcut: Shortcut }) {
  return (
    <div className="keyboard-help__line">
      <dt>{does}</dt>
      <dd>
        {strokes.map((stroke, index) => (
          <Fragment key={stroke.join()}>
            {index > 0 && ` ${strings.keyboard.or} `}
            {stroke.map((key, at) => (
              <Fragment key={key}>
                {at > 0 && " + "}
                <kbd>{key}</kbd>
              </Fragment>
            ))}
          </Fragment>
        ))}
      </dd>
    </div>
  );
}
