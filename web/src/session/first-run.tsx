import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { statusOf } from "../api/problem";
import { words } from "../strings";
import { useTitle } from "../ui/page-title";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { NameTag } from "./sign-in-card";
import { DoorFooter } from "./sign-in-footer";

export function FirstRun() {
  const cache = useQueryClient();
  useTitle(words.session.firstRunTitle);

  const setUp = async (body: Credentials) => {
    try {
      const { user } = await answer(api.POST("/api/v1/first_run", { body }));
      beginSession(cache, user);
    } catch (error) {
      // Somebody else was first: the new status leads to the sign-in page.
      if (statusOf(error) === 409)
        await cache.invalidateQueries({ queryKey: statusQuery.queryKey });
      throw error;
    }
  };

  return (
    <NameTag
      title={words.session.firstRunTitle}
      intro={words.session.firstRunIntro}
      footer={<DoorFooter />}
    >
      <CredentialsForm submit={words.session.firstRun} isNew onSubmit={setUp} />
    </NameTag>
  );
}
