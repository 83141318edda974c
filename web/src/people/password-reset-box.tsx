import { LifeBuoy } from "lucide-react";
import { answer, api } from "../api/client";
import type { User } from "../api/types";
import { words } from "../strings";
import { LinkMaker } from "../ui/temporary-link-panel";

/** Makes the link with which somebody who forgot their password gets back in. */
export function PasswordResetBox({ person }: { person: User }) {
  const make = () => {
    const params = { path: { user_id: person.id } };
    return answer(api.POST("/api/v1/users/{user_id}/password_reset", { params }));
  };
  return (
    <LinkMaker
      title={words.people.resetTitle}
      intro={words.people.resetIntro}
      icon={<LifeBuoy aria-hidden="true" />}
      action={words.people.resetMake}
      make={make}
      label={words.people.resetLabel}
      shareTitle={words.people.resetShareTitle}
      shareText={words.people.resetShareText}
    />
  );
}
