import { type ReactNode, useEffect, useRef, useState } from "react";
import { strings } from "../strings";
import { Button } from "./button";
import { Panel } from "./panel";
import { ProblemText } from "./problem-text";
import { ShareBox } from "./share-box";
import { shortDateTime } from "./time";
import { useTask } from "./use-task";

/** A link that works once and expires. */
interface TemporaryLink {
  url: string;
  /** The URL of the QR code, if it is not the default one. */
  qr_svg_url?: string;
  expires_at: string;
}

interface Props {
  title: string;
  intro: string;
  icon: ReactNode;
  /** The label of the button that creates the link. */
  action: string;
  create: () => Promise<TemporaryLink>;
  /** Describes the link, for the field and the QR code. */
  label: string;
  shareTitle: string;
  shareText: string;
}

/** A panel that creates a temporary link on demand and shows it to be passed on. */
export function TemporaryLinkPanel(props: Props) {
  const { title, intro, icon, action, create, label, shareTitle, shareText } = props;
  const [link, setLink] = useState<TemporaryLink | null>(null);
  const task = useTask(async () => setLink(await create()));
  const made = useRef<HTMLDivElement>(null);
  // The focused button is gone.
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
