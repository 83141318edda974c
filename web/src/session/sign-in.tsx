import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, unwrap } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import { strings } from "../strings";
import { usePageTitle } from "../ui/page-title";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { SignInCard } from "./sign-in-card";
import { SignInFooter } from "./sign-in-footer";

export function SignIn() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const cache = useQueryClient();
  const [params] = useSearchParams();
  const account = status.account?.name ?? strings.product;
  usePageTitle(strings.session.signInTitle);

  const signIn = async ({ email_address, password }: Credentials) => {
    try {
      const { user } = await unwrap(
        api.POST("/api/v1/session", { body: { email_address, password } }),
      );
      beginSession(cache, user);
    } catch (error) {
      throw statusOf(error) === 401 ? new Problem(401, strings.session.wrong) : error;
    }
  };

  return (
    <SignInCard
      title={strings.session.signInTo(account)}
      logo={status.account?.logo_url}
      footer={<SignInFooter />}
    >
      <CredentialsForm
        submit={strings.session.signIn}
        isNew={false}
        email={params.get("email_address") ?? ""}
        onSubmit={signIn}
      />
    </SignInCard>
  );
}
