import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { answer, api } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import { words } from "../strings";
import { useTitle } from "../ui/page-title";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { NameTag } from "./sign-in-card";
import { DoorFooter } from "./sign-in-footer";

export function SignIn() {
  const { data: status } = useSuspenseQuery(statusQuery);
  const cache = useQueryClient();
  const [params] = useSearchParams();
  const account = status.account?.name ?? words.product;
  useTitle(words.session.signInTitle);

  const signIn = async ({ email_address, password }: Credentials) => {
    try {
      const { user } = await answer(
        api.POST("/api/v1/session", { body: { email_address, password } }),
      );
      beginSession(cache, user);
    } catch (error) {
      throw statusOf(error) === 401 ? new Problem(401, words.session.wrong) : error;
    }
  };

  return (
    <NameTag
      title={words.session.signInTo(account)}
      logo={status.account?.logo_url}
      footer={<DoorFooter />}
    >
      <CredentialsForm
        submit={words.session.signIn}
        isNew={false}
        email={params.get("email_address") ?? ""}
        onSubmit={signIn}
      />
    </NameTag>
  );
}
