import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BellOff, BellRing } from "lucide-react";
import { sentenceFor } from "../api/problem";
import { isInstalled } from "../device/install-prompt";
import { platform } from "../device/platform";
import { type ThisDevice, turnOff, turnOn } from "../device/push-subscription";
import { statusQuery } from "../session/queries";
import { words } from "../strings";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { Loaded } from "../ui/query-boundary";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { DevicesList } from "./devices-list";
import { helpFor } from "./help";
import { HelpParts } from "./help-sections";
import { pushChanged, usePushState } from "./queries";

/** Whether one is notified, here and on one's other devices. */
export function NotificationsPanel() {
  const device = usePushState();
  return (
    <Panel title={words.push.title} intro={words.push.intro}>
      <Loaded query={device} failedTitle={words.push.failed}>
        {(known) => (
          <>
            <Standing device={known} />
            {(known.state === "denied" || known.state === "install_first") && (
              <HelpParts parts={helpFor(platform(), isInstalled())} />
            )}
            {known.state !== "switched_off" && <DevicesList endpoint={known.endpoint} />}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Standing({ device: { state } }: { device: ThisDevice }) {
  const cache = useQueryClient();
  const toast = useToast();
  const { data: status } = useQuery(statusQuery);
  const isOn = state === "on";
  const change = useTask(async () => {
    try {
      if (isOn) await turnOff();
      else if (status) await turnOn(status);
    } catch (error) {
      toast({ text: words.push.changeFailed(sentenceFor(error)), tone: "problem" });
    }
    await pushChanged(cache);
  });
  const Icon = isOn ? BellRing : BellOff;
  return (
    <div className="standing" role="status">
      <Icon className="device__icon" aria-hidden="true" />
      <span className="standing__words">{words.push.states[state]}</span>
      {(isOn || state === "off") && (
        <Button look={isOn ? "plain" : "reversed"} onClick={() => change.run()} busy={change.busy}>
          {isOn ? words.push.turnOff : words.push.turnOn}
        </Button>
      )}
    </div>
  );
}
