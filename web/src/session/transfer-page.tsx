import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { ArrowRight, TimerOff } from "lucide-react";
import { Link, useNavigate, useParams } from "react-router";
import { api, unwrap } from "../api/client";
import { isTransient } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { usePageTitle } from "../ui/page-title";
import { ProblemText } from "../ui/problem-text";
import { useTask } from "../ui/use-task";
import { beginSession, statusQuery } from "./queries";
import { SignInCard } from "./sign-in-card";

/**
 * `/session/transfers/ID`: signs this device in as the user who made the link. It waits for a
 * click, because programs that preview links would use it up.
 */
export default function TransferPage() {
  const { id = "" } = useParams();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: status } = useSuspenseQuery(statusQuery);
  usePageTitle(strings.signInPages.transferTitle);

  const signIn = useTask(async () => {
    const params = { path: { id } };
    const { user } = await unwrap(api.PUT("/api/v1/session/transfers/{id}", { params }));
    beginSession(cache, user);
    navigate("/", { replace: true });
  });

  // A permanent error: the link cannot be used any more.
  if (signIn.error && !isTransient(signIn.error)) return <Expired signedIn={status.signed_in} />;
  return (
    <SignInCard
      title={strings.signInPages.transferTitle}
      intro={strings.signInPages.transferIntro(status.account.name)}
      logo={status.account.logo_url}
    >
      <div className="credentials">
        {status.signed_in && <p className="panel__note">{strings.signInPages.transferAlready}</p>}
        <ProblemText error={signIn.error} />
        <Button
          look="reversed"
          className="credentials__submit"
          onClick={() => signIn.run()}
          busy={signIn.busy}
        >
          {strings.signInPages.transfer}
          <ArrowRight className="flips" aria-hidden="true" />
        </Button>
      </div>
    </SignInCard>
  );
}

function Expired({ signedIn }: { signedIn: boolean }) {
  return (
    <main className="page" id="main-content">
      <Notice
        icon={<TimerOff />}
        title={strings.signInPages.transferExpiredTitle}
        action={
          <Link className="button button--plain" to={signedIn ? "/" : "/session/new"}>
            {signedIn ? strings.goHome : strings.signInPages.toSignIn}
          </Link>
        }
        alert
      >
        {strings.signInPages.transferExpired}
      </Notice>
    </main>
  );
}
