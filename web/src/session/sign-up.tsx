import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Unlink } from "lucide-react";
import { useState } from "react";
import { Link, Navigate, useParams } from "react-router";
import { answer, api } from "../api/client";
import { Problem, sentenceFor, statusOf } from "../api/problem";
import { words } from "../strings";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { useTitle } from "../ui/page-title";
import { Loading } from "../ui/query-boundary";
import { type Credentials, CredentialsForm } from "./credentials-form";
import { beginSession, statusQuery } from "./queries";
import { NameTag } from "./sign-in-card";
import { DoorFooter } from "./sign-in-footer";

export function Join() {
  const { code = "" } = useParams();
  const cache = useQueryClient();
  const [taken, setTaken] = useState("");
  const invitation = useQuery({
    queryKey: ["invitation", code],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/join/{code}", { params: { path: { code } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data: status } = useSuspenseQuery(statusQuery);
  const account = invitation.data?.account_name ?? words.product;
  useTitle(words.session.joinTitle(account));

  const join = async (body: Credentials) => {
    try {
      const { user } = await answer(
        api.POST("/api/v1/join/{code}", { params: { path: { code } }, body }),
      );
      beginSession(cache, user);
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      setTaken(body.email_address);
      throw new Problem(409, words.session.taken, { email_address: words.session.taken });
    }
  };

  if (invitation.isPending) {
    return (
      <main className="page" id="main-content">
        <Loading />
      </main>
    );
  }
  // Whoever is in already has nothing to do here, unless the link is wrong and should say so.
  if (invitation.data && status.signed_in) return <Navigate to="/" replace />;
  if (invitation.isError) {
    const wrongCode = statusOf(invitation.error) === 404;
    return (
      <main className="page" id="main-content">
        <Notice
          icon={<Unlink />}
          title={wrongCode ? words.session.badCodeTitle : words.connection.startFailedTitle}
          action={
            wrongCode ? (
              <Link className="button button--plain" to="/session/new">
                {words.session.haveAccount}
              </Link>
            ) : (
              <Button onClick={() => invitation.refetch()} busy={invitation.isFetching}>
                {words.retry}
              </Button>
            )
          }
          alert
        >
          {wrongCode ? words.session.badCode : sentenceFor(invitation.error)}
        </Notice>
      </main>
    );
  }
  const signIn = taken ? `/session/new?email_address=${encodeURIComponent(taken)}` : "/session/new";
  return (
    <NameTag
      title={words.session.joinTitle(account)}
      intro={words.session.joinIntro}
      logo={invitation.data.logo_url}
      footer={
        <DoorFooter>
          <Link className="link" to={signIn}>
            {words.session.haveAccount}
          </Link>
        </DoorFooter>
      }
    >
      <CredentialsForm submit={words.session.join} isNew onSubmit={join} />
    </NameTag>
  );
}
