import { useQueryClient } from "@tanstack/react-query";
import { BellRing, Check, CircleHelp } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { RefObject } from "react";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import type { Room } from "../api/types";
import { type DevicePush, enablePush } from "../device/push-subscription";
import { invalidatePush } from "../push/queries";
import { statusQuery } from "../session/queries";
import { strings } from "../strings";
import { Menu } from "../ui/menu";
import { useToast } from "../ui/toasts";
import { involvementIcons } from "./involvement-icons";
import { roomQuery, roomsQuery } from "./queries";

interface Props {
  room: Room;
  button: RefObject<HTMLButtonElement | null>;
  /** This device, if push is off but could be turned on. */
  device: DevicePush | null;
  onClose: () => void;
  /** Explains what to do when the browser does not allow notifications. */
  onHelp: () => void;
}

/** A ping cannot be limited to mentions or hidden. */
const levelsOf = (room: Room): readonly Room["involvement"][] =>
  room.type === "direct"
    ? ["everything", "nothing"]
    : ["mentions", "everything", "nothing", "invisible"];

/** The menu that changes the involvement in a room. */
export default function InvolvementMenu({ room, button, device, onClose, onHelp }: Props) {
  const cache = useQueryClient();
  const toast = useToast();

  const choose = async (involvement: Room["involvement"]) => {
    try {
      const params = { path: { room_id: room.id } };
      const url = "/api/v1/rooms/{room_id}/involvement";
      await unwrap(api.PUT(url, { params, body: { involvement } }));
      cache.setQueryData(
        roomQuery(room.id).queryKey,
        (known) => known && { ...known, involvement },
      );
      await cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
    } catch (error) {
      toast({ text: `${strings.involvement.failed} ${errorMessage(error)}`, tone: "problem" });
    }
  };

  return (
    <Menu button={button} label={strings.involvement.label} onClose={onClose}>
      {device && <DeviceItem device={device} onHelp={onHelp} />}
      <DropdownMenu.RadioGroup value={room.involvement}>
        {levelsOf(room).map((level) => {
          const Icon = involvementIcons[level];
          return (
            <DropdownMenu.RadioItem
              key={level}
              className="menu__item"
              value={level}
              onSelect={() => choose(level)}
            >
              <span className="menu__icon" aria-hidden="true">
                <Icon />
              </span>
              {strings.involvement.levels[level]}
              <DropdownMenu.ItemIndicator className="menu__check">
                <Check aria-hidden="true" />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          );
        })}
      </DropdownMenu.RadioGroup>
    </Menu>
  );
}

/** Turns push on for this device, or explains why that is not possible. */
function DeviceItem({ device, onHelp }: { device: DevicePush; onHelp: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const isOff = device.state === "off";

  const start = async () => {
    const status = cache.getQueryData(statusQuery.queryKey);
    try {
      if (status) await enablePush(status);
    } catch (error) {
      toast({ text: strings.push.changeFailed(errorMessage(error)), tone: "problem" });
    }
    await invalidatePush(cache);
  };

  const Icon = isOff ? BellRing : CircleHelp;
  return (
    <>
      <DropdownMenu.Item className="menu__item" onSelect={isOff ? start : onHelp}>
        <span className="menu__icon" aria-hidden="true">
          <Icon />
        </span>
        {isOff ? strings.push.turnOnHere : strings.push.whyNot}
      </DropdownMenu.Item>
      <DropdownMenu.Separator className="menu__separator" />
    </>
  );
}
