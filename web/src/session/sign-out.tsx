import { LogOut } from "lucide-react";
import { api, unwrap } from "../api/client";
import { Problem, statusOf } from "../api/problem";
import { currentEndpoint } from "../device/push-subscription";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { ProblemText } from "../ui/problem-text";
import { useTask } from "../ui/use-task";
import { clearDeviceData } from "./clear-device-data";

export function SignOutButton() {
  const task = useTask(signOut);
  return (
    <>
      {task.error !== null && <ProblemText error={new Problem(0, strings.session.signOutFailed)} />}
      <Button onClick={() => task.run()} busy={task.busy}>
        <LogOut className="flips" aria-hidden="true" />
        {strings.session.signOut}
      </Button>
    </>
  );
}

/** Unsent messages stay on this device until the same user signs in again. */
async function signOut() {
  try {
    const push_endpoint = await currentEndpoint();
    await unwrap(api.DELETE("/api/v1/session", { body: { push_endpoint } }));
  } catch (error) {
    // Already signed out.
    if (statusOf(error) !== 401) throw error;
  }
  await clearDeviceData();
  // A full page load clears everything that is in memory.
  window.location.assign("/session/new");
}
