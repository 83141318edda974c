import { type ReactNode, useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { Button } from "./button";
import { Panel } from "./panel";
import { ProblemText } from "./problem-text";
import { ShareBox } from "./share-box";
import { shortDateTime } from "./time";
import { useTask } from "./use-task";

/** A link that works once, and for a while only. */
interface TemporaryLink {
  url: string;
  /** Where the picture of the link is, if not at its usual place. */
  qr_svg_url?: string;
  expires_at: string;
}

interface Props {
  title: string;
  intro: string;
  icon: ReactNode;
  /** What the button says that makes it. */
  action: string;
  create: () => Promise<TemporaryLink>;
  /** What the link is, for the field and the picture. */
  label: string;
  shareTitle: string;
  shareText: string;
}

/** A panel that makes a passing link on demand, and then shows it to be given away. */
export function TemporaryLinkPanel(props: Props) {
  const { title, intro, icon, action, create, label, shareTitle, shareText } = props;
  const [link, setLink] = useState<TemporaryLink | null>(null);
  const task = useTask(async () => setLink(await create()));
  const made = useRef<HTMLDivElement>(null);
  // The button that made it is gone, and the focus with it.
  useEffect(() => {
    if (link) made.current?.querySelector("input")?.focus();
  }, [link]);
  return (
    <Panel title={title} intro={intro}>
      {link ? (
        <>
          <div ref={made}>
            <ShareBox
              label={label}
              url={link.url}
              shareTitle={shareTitle}
              shareText={shareText}
              {...(link.qr_svg_url && { qrUrl: link.qr_svg_url })}
            />
          </div>
          <p className="panel__note" role="status">
            {strings.panel.worksOnceUntil(shortDateTime.format(new Date(link.expires_at)))}
          </p>
        </>
      ) : (
        <div className="panel__buttons">
          <Button onClick={() => task.run()} busy={task.busy}>
            {icon}
            {action}
          </Button>
        </div>
      )}
      <ProblemText error={task.error} />
    </Panel>
  );
}
