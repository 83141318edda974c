import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { ArrowRight, ServerCrash, TimerOff } from "lucide-react";
import type { FormEvent } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api, unwrap } from "../api/client";
import { errorMessage, Problem, statusOf } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { usePageTitle } from "../ui/page-title";
import { ProblemText } from "../ui/problem-text";
import { Loading } from "../ui/query-boundary";
import { useTask } from "../ui/use-task";
import { PasswordField } from "./password-field";
import { beginSession, statusQuery } from "./queries";
import { SignInCard } from "./sign-in-card";

const url = "/api/v1/password_resets/{token}";

/** `/password_resets/TOKEN`: sets a new password after an administrator made a reset link. */
export default function PasswordResetPage() {
  const { token = "" } = useParams();
  const params = { path: { token } };
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: status } = useSuspenseQuery(statusQuery);
  const owner = useQuery({
    queryKey: ["password-reset", token],
    queryFn: ({ signal }) => unwrap(api.GET(url, { params, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  usePageTitle(strings.signInPages.newPasswordTitle);

  const reset = useTask(async (password: string) => {
    const { user } = await unwrap(api.PUT(url, { params, body: { password } }));
    beginSession(cache, user);
    navigate("/", { replace: true });
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.run(String(new FormData(event.currentTarget).get("password") ?? ""));
  };

  const isOver = statusOf(owner.error) === 404 || statusOf(reset.error) === 404;
  if (isOver || !owner.data) {
    return (
      <main className="page" id="main-content">
        {isOver && (
          <Notice
            icon={<TimerOff />}
            title={strings.signInPages.resetExpiredTitle}
            action={
              <Link className="button button--plain" to="/session/new">
                {strings.signInPages.toSignIn}
              </Link>
            }
            alert
          >
            {strings.signInPages.resetExpired}
          </Notice>
        )}
        {!isOver && owner.isError && (
          <Notice
            icon={<ServerCrash />}
            title={strings.connection.startFailedTitle}
            action={
              <Button onClick={() => owner.refetch()} busy={owner.isFetching}>
                {strings.retry}
              </Button>
            }
            alert
          >
            {errorMessage(owner.error)}
          </Notice>
        )}
        {owner.isPending && <Loading />}
      </main>
    );
  }

  const passwordError = reset.error instanceof Problem ? reset.error.fields.password : undefined;
  return (
    <SignInCard
      title={strings.signInPages.resetTitle(owner.data.name)}
      intro={strings.signInPages.resetIntro}
      logo={status.account.logo_url}
    >
      <form className="credentials" onSubmit={send}>
        <PasswordField
          label={strings.signInPages.resetPassword}
          isNew
          error={passwordError}
          autoFocus
        />
        <ProblemText error={passwordError ? null : reset.error} />
        <Button type="submit" look="reversed" className="credentials__submit" busy={reset.busy}>
          {strings.signInPages.reset}
          <ArrowRight className="flips" aria-hidden="true" />
        </Button>
      </form>
    </SignInCard>
  );
}
