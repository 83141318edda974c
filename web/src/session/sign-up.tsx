import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Unlink } from "lucide-react";
import { useState } from "react";
import { Link, Navigate, useParams } from "react-router";
import { api, unwrap } from "../api/client";
import { errorMessage, Problem, statusOf } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { usePageTitle } from "../ui/page-title";
import { Loading } from "../ui/query-boundary";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { SignInCard } from "./sign-in-card";
import { SignInFooter } from "./sign-in-footer";

export function SignUp() {
  const { code = "" } = useParams();
  const cache = useQueryClient();
  const [takenEmail, setTakenEmail] = useState("");
  const invitation = useQuery({
    queryKey: ["invitation", code],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/join/{code}", { params: { path: { code } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: status } = useSuspenseQuery(statusQuery);
  const account = invitation.data?.account_name ?? strings.product;
  usePageTitle(strings.session.joinTitle(account));

  const signUp = async (body: Credentials) => {
    try {
      const { user } = await unwrap(
        api.POST("/api/v1/join/{code}", { params: { path: { code } }, body }),
      );
      beginSession(cache, user);
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      setTakenEmail(body.email_address);
      throw new Problem(409, strings.session.taken, { email_address: strings.session.taken });
    }
  };

  if (invitation.isPending) {
    return (
      <main className="page" id="main-content">
        <Loading />
      </main>
    );
  }
  // Signed-in users go to the app, unless the link is invalid and that has to be shown.
  if (invitation.data && status.signed_in) return <Navigate to="/" replace />;
  if (invitation.isError) {
    const wrongCode = statusOf(invitation.error) === 404;
    return (
      <main className="page" id="main-content">
        <Notice
          icon={<Unlink />}
          title={wrongCode ? strings.session.badCodeTitle : strings.connection.startFailedTitle}
          action={
            wrongCode ? (
              <Link className="button button--plain" to="/session/new">
                {strings.session.haveAccount}
              </Link>
            ) : (
              <Button onClick={() => invitation.refetch()} busy={invitation.isFetching}>
                {strings.retry}
              </Button>
            )
          }
          alert
        >
          {wrongCode ? strings.session.badCode : errorMessage(invitation.error)}
        </Notice>
      </main>
    );
  }
  const signIn = takenEmail
    ? `/session/new?email_address=${encodeURIComponent(takenEmail)}`
    : "/session/new";
  return (
    <SignInCard
      title={strings.session.joinTitle(account)}
      intro={strings.session.joinIntro}
      logo={invitation.data.logo_url}
      footer={
        <SignInFooter>
          <Link className="link" to={signIn}>
            {strings.session.haveAccount}
          </Link>
        </SignInFooter>
      }
    >
      <CredentialsForm submit={strings.session.join} isNew onSubmit={signUp} />
    </SignInCard>
  );
}
