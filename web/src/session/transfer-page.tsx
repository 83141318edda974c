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
 * `/session/transfers/ID`: signs this device in as whoever made the link. Waits for a press: programs
 * that look at links in advance would use it up.
 */
export default function TransferPage() {
  const { id = "" } = useParams();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { data: status } = useSuspenseQuery(statusQuery);
  usePageTitle(strings.doors.transferTitle);

  const signIn = useTask(async () => {
    const params = { path: { id } };
    const { user } = await unwrap(api.PUT("/api/v1/session/transfers/{id}", { params }));
    beginSession(cache, user);
    navigate("/", { replace: true });
  });

  // Whatever the server has against the link for good: it is of no use any more.
  if (signIn.error && !isTransient(signIn.error)) return <Expired signedIn={status.signed_in} />;
  return (
    <SignInCard
      title={strings.doors.transferTitle}
      intro={strings.doors.transferIntro(status.account.name)}
      logo={status.account.logo_url}
    >
      <div className="credentials">
        {status.signed_in && <p className="panel__note">{strings.doors.transferAlready}</p>}
        <ProblemText error={signIn.error} />
        <Button
          look="reversed"
          className="credentials__submit"
          onClick={() => signIn.run()}
          busy={signIn.busy}
        >
          {strings.doors.transfer}
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
        title={strings.doors.transferExpiredTitle}
        action={
          <Link className="button button--plain" to={signedIn ? "/" : "/session/new"}>
            {signedIn ? strings.goHome : strings.doors.toSignIn}
          </Link>
        }
        alert
      >
        {strings.doors.transferExpired}
      </Notice>
    </main>
  );
}
