import { LifeBuoy } from "lucide-react";
import { api, unwrap } from "../api/client";
import type { User } from "../api/types";
import { strings } from "../strings";
import { TemporaryLinkPanel } from "../ui/temporary-link-panel";

/** Creates a password reset link for a user. */
export function PasswordResetBox({ person }: { person: User }) {
  const make = () => {
    const params = { path: { user_id: person.id } };
    return unwrap(api.POST("/api/v1/users/{user_id}/password_reset", { params }));
  };
  return (
    <TemporaryLinkPanel
      title={strings.people.resetTitle}
      intro={strings.people.resetIntro}
      icon={<LifeBuoy aria-hidden="true" />}
      action={strings.people.resetMake}
      create={make}
      label={strings.people.resetLabel}
      shareTitle={strings.people.resetShareTitle}
      shareText={strings.people.resetShareText}
    />
  );
}
