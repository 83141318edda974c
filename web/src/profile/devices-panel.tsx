import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import type { Device } from "../api/types";
import { DeviceRow } from "../device/device-row";
import { deviceName } from "../device/user-agent";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Panel } from "../ui/panel";
import { PreserveFocus } from "../ui/preserve-focus";
import { QueryBoundary } from "../ui/query-boundary";
import { relativeTime } from "../ui/relative-time";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { devicesQuery } from "./queries";

/** The user's sessions, and buttons to end them. */
export function DevicesPanel() {
  const list = useRef<HTMLUListElement>(null);
  const devices = useQuery(devicesQuery);
  return (
    <Panel title={strings.devices.title} intro={strings.devices.intro}>
      <QueryBoundary query={devices} failedTitle={strings.devices.failed}>
        {(all) => (
          <>
            <PreserveFocus list={list} item=".device">
              <ul className="devices" ref={list}>
                {inOrder(all).map((device) => (
                  <DeviceLine key={device.id} device={device} />
                ))}
              </ul>
            </PreserveFocus>
            {all.length > 2 && <SignOutOthers devices={all} />}
          </>
        )}
      </QueryBoundary>
    </Panel>
  );
}

function DeviceLine({ device }: { device: Device }) {
  const cache = useQueryClient();
  const toast = useToast();
  const name = deviceName(device.user_agent);
  const active = new Date(device.last_active_at);
  const end = useTask(async () => {
    try {
      await revoke(device);
      toast({ text: strings.devices.signedOut(name) });
    } catch (error) {
      toast({ text: strings.devices.signOutFailed(errorMessage(error)), tone: "problem" });
    }
    await cache.invalidateQueries({ queryKey: devicesQuery.queryKey });
  });
  return (
    <DeviceRow
      userAgent={device.user_agent}
      time={active}
      about={[
        device.current
          ? strings.devices.current
          : strings.devices.active(relativeTime(active, new Date())),
        device.ip_address,
      ]}
    >
      {!device.current && (
        <Button
          aria-label={strings.devices.signOutOf(name)}
          onClick={() => end.run()}
          busy={end.busy}
        >
          {strings.devices.signOut}
        </Button>
      )}
    </DeviceRow>
  );
}

function SignOutOthers({ devices }: { devices: readonly Device[] }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);

  const end = async () => {
    try {
      for (const device of devices) if (!device.current) await revoke(device);
    } finally {
      await cache.invalidateQueries({ queryKey: devicesQuery.queryKey });
    }
    setIsConfirming(false);
    toast({ text: strings.devices.othersSignedOut });
  };

  return (
    <div className="panel__buttons">
      <Button onClick={() => setIsConfirming(true)}>{strings.devices.signOutOthers}</Button>
      {isConfirming && (
        <Confirm
          title={strings.devices.signOutOthersTitle}
          text={strings.devices.signOutOthersText}
          action={strings.devices.signOut}
          onConfirm={end}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}

async function revoke({ id }: Device) {
  await unwrap(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } }));
}

/** This device first, then by latest activity. */
function inOrder(devices: readonly Device[]): Device[] {
  return devices.toSorted(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      Date.parse(b.last_active_at) - Date.parse(a.last_active_at),
  );
}
