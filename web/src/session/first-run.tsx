import { useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { statusOf } from "../api/problem";
import { useTitle } from "../ui/title";
import { words } from "../words";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { DoorFooter } from "./door-footer";
import { NameTag } from "./name-tag";
import { beginSession, statusQuery } from "./queries";

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
