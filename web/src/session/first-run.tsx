import { useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { statusOf } from "../api/problem";
import { strings } from "../strings";
import { usePageTitle } from "../ui/page-title";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { SignInCard } from "./sign-in-card";
import { SignInFooter } from "./sign-in-footer";

export function FirstRun() {
  const cache = useQueryClient();
  usePageTitle(strings.session.firstRunTitle);

  const setUp = async (body: Credentials) => {
    try {
      const { user } = await unwrap(api.POST("/api/v1/first_run", { body }));
      beginSession(cache, user);
    } catch (error) {
      // Another person completed the first run: the new status redirects to the sign-in page.
      if (statusOf(error) === 409)
        await cache.invalidateQueries({ queryKey: statusQuery.queryKey });
      throw error;
    }
  };

  return (
    <SignInCard
      title={strings.session.firstRunTitle}
      intro={strings.session.firstRunIntro}
      footer={<SignInFooter />}
    >
      <CredentialsForm submit={strings.session.firstRun} isNew onSubmit={setUp} />
    </SignInCard>
  );
}
