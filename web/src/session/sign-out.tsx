import { LogOut } from "lucide-react";
import { api, unwrap } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import { currentEndpoint } from "../device/push-subscription";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { ProblemText } from "../ui/problem-text";
import { useTask } from "../ui/use-task";
import { clearDeviceData } from "./clear-device-data";

/** Leaves this device. */
export function SignOutButton() {
  const leave = useTask(signOut);
  return (
    <>
      {leave.error !== null && (
        <ProblemText error={new Problem(0, strings.session.signOutFailed)} />
      )}
      <Button onClick={() => leave.run()} busy={leave.busy}>
        <LogOut className="flips" aria-hidden="true" />
        {strings.session.signOut}
      </Button>
    </>
  );
}

/** What waits to be sent stays on this device until the same person comes back. */
async function signOut() {
  try {
    const push_endpoint = await currentEndpoint();
    await unwrap(api.DELETE("/api/v1/session", { body: { push_endpoint } }));
  } catch (error) {
    // Already signed out: that is what was wanted.
    if (statusOf(error) !== 401) throw error;
  }
  await clearDeviceData();
  // A fresh page: nothing of what this person saw stays in memory.
  window.location.assign("/session/new");
}
