import { MessageCircle } from "lucide-react";
import { errorMessage } from "../api/problem";
import type { User } from "../api/types";
import { useStartPing } from "../rooms/start-ping";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";

/** Opens a ping with one user. */
export function PingButton({ person }: { person: User }) {
  const start = useStartPing();
  const toast = useToast();
  const ping = useTask(async () => {
    try {
      await start([person.id]);
    } catch (error) {
      toast({ text: strings.people.pingFailed(errorMessage(error)), tone: "problem" });
    }
  });
  return (
    <Button look="reversed" onClick={() => ping.run()} busy={ping.busy}>
      <MessageCircle aria-hidden="true" />
      {strings.people.ping}
    </Button>
  );
}
