import { LogOut } from "lucide-react";
import { useState } from "react";
import { answer, api } from "../api/client";
import { statusOf } from "../api/problem";
import { IconButton } from "../ui/button";
import { words } from "../words";

/** Leaves this device. What waits to be sent stays here until the same person comes back. */
export function SignOut() {
  const [failed, setFailed] = useState(false);

  const signOut = async () => {
    setFailed(false);
    try {
      await answer(api.DELETE("/api/v1/session", { body: {} }));
    } catch (error) {
      if (statusOf(error) !== 401) return setFailed(true);
    }
    // A fresh page: nothing of what this person saw stays in memory.
    window.location.assign("/session/new");
  };

  return (
    <>
      {failed && (
        <span className="sign-out__problem" role="alert">
          {words.session.signOutFailed}
        </span>
      )}
      <IconButton label={words.session.signOut} onClick={signOut}>
        <LogOut aria-hidden="true" />
      </IconButton>
    </>
  );
}
