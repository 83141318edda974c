import { LifeBuoy } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import type { ResetLink, User } from "../api/types";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { ShareBox } from "../ui/share-box";
import { shortDateTime } from "../ui/time";
import { useTask } from "../ui/use-task";
import { words } from "../words";

/** Makes the link with which somebody who forgot their password gets back in. */
export function PasswordResetBox({ person }: { person: User }) {
  const [link, setLink] = useState<ResetLink | null>(null);
  const make = useTask(async () => {
    const params = { path: { user_id: person.id } };
    setLink(await answer(api.POST("/api/v1/users/{user_id}/password_reset", { params })));
  });
  return (
    <Panel title={words.people.resetTitle} intro={words.people.resetIntro}>
      {link ? (
        <>
          <ShareBox
            label={words.people.resetLabel}
            url={link.url}
            shareTitle={words.people.resetShareTitle}
            shareText={words.people.resetShareText}
          />
          <p className="panel__note" role="status">
            {words.people.resetUntil(shortDateTime.format(new Date(link.expires_at)))}
          </p>
        </>
      ) : (
        <div className="panel__buttons">
          <Button onClick={() => make.run()} busy={make.busy}>
            <LifeBuoy aria-hidden="true" />
            {words.people.resetMake}
          </Button>
        </div>
      )}
      <ProblemText error={make.error} />
    </Panel>
  );
}
