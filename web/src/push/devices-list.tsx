import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { errorMessage } from "../api/problem";
import type { PushDevice } from "../api/types";
import { DeviceRow } from "../device/device-row";
import { disablePush, removePushDevice, sendTestPush } from "../device/push-subscription";
import { deviceName } from "../device/user-agent";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { PreserveFocus } from "../ui/preserve-focus";
import { relativeTime } from "../ui/relative-time";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { invalidatePush, pushDevicesQuery } from "./queries";

/** The user's devices with push notifications. Renders nothing if there are none. */
export function DevicesList({ endpoint }: { endpoint: string | null }) {
  const list = useRef<HTMLUListElement>(null);
  const { data: devices = [] } = useQuery(pushDevicesQuery(endpoint));
  return (
    <PreserveFocus list={list} item=".device">
      {devices.length > 0 && (
        <section className="push-devices" aria-label={strings.push.devices}>
          <h3 className="push-devices__title">{strings.push.devices}</h3>
          <ul className="devices" ref={list}>
            {devices.map((device) => (
              <DeviceLine key={device.id} device={device} />
            ))}
          </ul>
        </section>
      )}
    </PreserveFocus>
  );
}

function DeviceLine({ device }: { device: PushDevice }) {
  const cache = useQueryClient();
  const toast = useToast();
  const name = deviceName(device.user_agent);
  const since = new Date(device.created_at);

  const test = useTask(async () => {
    try {
      await sendTestPush(device.id);
      toast({ text: strings.push.tested });
    } catch (error) {
      toast({ text: strings.push.testFailed(errorMessage(error)), tone: "problem" });
    }
  });
  const remove = useTask(async () => {
    try {
      if (device.current) await disablePush();
      else await removePushDevice(device.id);
      toast({ text: strings.push.removed(name) });
    } catch (error) {
      toast({ text: strings.push.removeFailed(errorMessage(error)), tone: "problem" });
    }
    await invalidatePush(cache);
  });

  return (
    <DeviceRow
      userAgent={device.user_agent}
      time={since}
      about={[
        device.current
          ? strings.push.thisDevice
          : strings.push.added(relativeTime(since, new Date())),
        device.endpoint_host && strings.push.through(device.endpoint_host),
      ]}
    >
      <span className="device__buttons">
        <Button aria-label={strings.push.testOf(name)} onClick={() => test.run()} busy={test.busy}>
          {strings.push.test}
        </Button>
        <Button
          aria-label={strings.push.removeOf(name)}
          onClick={() => remove.run()}
          busy={remove.busy}
        >
          {strings.push.remove}
        </Button>
      </span>
    </DeviceRow>
  );
}
