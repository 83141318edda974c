import { LogOut } from "lucide-react";
import { answer, api } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import { Button } from "../ui/button";
import { ProblemText } from "../ui/problem-text";
import { useTask } from "../ui/use-task";
import { words } from "../words";

/** Leaves this device. */
export function SignOutButton() {
  const leave = useTask(signOut);
  return (
    <>
      {leave.error !== null && <ProblemText error={new Problem(0, words.session.signOutFailed)} />}
      <Button onClick={() => leave.run()} busy={leave.busy}>
        <LogOut className="flips" aria-hidden="true" />
        {words.session.signOut}
      </Button>
    </>
  );
}

/** What waits to be sent stays on this device until the same person comes back. */
async function signOut() {
  try {
    await answer(api.DELETE("/api/v1/session", { body: {} }));
  } catch (error) {
    // Already signed out: that is what was wanted.
    if (statusOf(error) !== 401) throw error;
  }
  // A fresh page: nothing of what this person saw stays in memory.
  window.location.assign("/session/new");
}
