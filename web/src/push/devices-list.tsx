import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { sentenceFor } from "../api/problem";
import type { PushDevice } from "../api/types";
import { DeviceRow } from "../device/device-row";
import { removeDevice, tryDevice, turnOff } from "../device/push-subscription";
import { deviceName } from "../device/user-agent";
import { words } from "../strings";
import { Button } from "../ui/button";
import { KeepsFocus } from "../ui/preserve-focus";
import { relativeTime } from "../ui/relative-time";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { pushChanged, pushDevicesQuery } from "./queries";

/** One's devices that notify; nothing while there is none. */
export function DevicesList({ endpoint }: { endpoint: string | null }) {
  const list = useRef<HTMLUListElement>(null);
  const { data: devices = [] } = useQuery(pushDevicesQuery(endpoint));
  return (
    <KeepsFocus list={list} item=".device">
      {devices.length > 0 && (
        <section className="push-devices" aria-label={words.push.devices}>
          <h3 className="push-devices__title">{words.push.devices}</h3>
          <ul className="devices" ref={list}>
            {devices.map((device) => (
              <DeviceLine key={device.id} device={device} />
            ))}
          </ul>
        </section>
      )}
    </KeepsFocus>
  );
}

function DeviceLine({ device }: { device: PushDevice }) {
  const cache = useQueryClient();
  const toast = useToast();
  const name = deviceName(device.user_agent);
  const since = new Date(device.created_at);

  const test = useTask(async () => {
    try {
      await tryDevice(device.id);
      toast({ text: words.push.tested });
    } catch (error) {
      toast({ text: words.push.testFailed(sentenceFor(error)), tone: "problem" });
    }
  });
  const remove = useTask(async () => {
    try {
      if (device.current) await turnOff();
      else await removeDevice(device.id);
      toast({ text: words.push.removed(name) });
    } catch (error) {
      toast({ text: words.push.removeFailed(sentenceFor(error)), tone: "problem" });
    }
    await pushChanged(cache);
  });

  return (
    <DeviceRow
      userAgent={device.user_agent}
      time={since}
      about={[
        device.current ? words.push.thisDevice : words.push.added(relativeTime(since, new Date())),
        device.endpoint_host && words.push.through(device.endpoint_host),
      ]}
    >
      <span className="device__buttons">
        <Button aria-label={words.push.testOf(name)} onClick={() => test.run()} busy={test.busy}>
          {words.push.test}
        </Button>
        <Button
          aria-label={words.push.removeOf(name)}
          onClick={() => remove.run()}
          busy={remove.busy}
        >
          {words.push.remove}
        </Button>
      </span>
    </DeviceRow>
  );
}
