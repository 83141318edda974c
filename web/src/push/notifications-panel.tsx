import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BellOff, BellRing } from "lucide-react";
import { errorMessage } from "../api/problem";
import { isInstalled } from "../device/install-prompt";
import { platform } from "../device/platform";
import { type DevicePush, disablePush, enablePush } from "../device/push-subscription";
import { statusQuery } from "../session/queries";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { QueryBoundary } from "../ui/query-boundary";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { DevicesList } from "./devices-list";
import { helpFor } from "./help";
import { HelpSections } from "./help-sections";
import { invalidatePush, usePushState } from "./queries";

/** The push state of this device, and the user's other devices. */
export function NotificationsPanel() {
  const device = usePushState();
  return (
    <Panel title={strings.push.title} intro={strings.push.intro}>
      <QueryBoundary query={device} failedTitle={strings.push.failed}>
        {(known) => (
          <>
            <PushStatus device={known} />
            {(known.state === "denied" || known.state === "install_first") && (
              <HelpSections parts={helpFor(platform(), isInstalled())} />
            )}
            {known.state !== "switched_off" && <DevicesList endpoint={known.endpoint} />}
          </>
        )}
      </QueryBoundary>
    </Panel>
  );
}

function PushStatus({ device: { state } }: { device: DevicePush }) {
  const cache = useQueryClient();
  const toast = useToast();
  const { data: status } = useQuery(statusQuery);
  const isOn = state === "on";
  const change = useTask(async () => {
    try {
      if (isOn) await disablePush();
      else if (status) await enablePush(status);
    } catch (error) {
      toast({ text: strings.push.changeFailed(errorMessage(error)), tone: "problem" });
    }
    await invalidatePush(cache);
  });
  const Icon = isOn ? BellRing : BellOff;
  return (
    <div className="push-status" role="status">
      <Icon className="device__icon" aria-hidden="true" />
      <span className="push-status__text">{strings.push.states[state]}</span>
      {(isOn || state === "off") && (
        <Button look={isOn ? "plain" : "reversed"} onClick={() => change.run()} busy={change.busy}>
          {isOn ? strings.push.turnOff : strings.push.turnOn}
        </Button>
      )}
    </div>
  );
}
