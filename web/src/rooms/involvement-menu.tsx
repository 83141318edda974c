import { useQueryClient } from "@tanstack/react-query";
import { BellRing, Check, CircleHelp } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { RefObject } from "react";
import { answer, api } from "../api/client";
import { sentenceFor } from "../api/problem";
import type { Room } from "../api/types";
import { type ThisDevice, turnOn } from "../device/push-subscription";
import { pushChanged } from "../push/queries";
import { statusQuery } from "../session/queries";
import { words } from "../strings";
import { Menu } from "../ui/menu";
import { useToast } from "../ui/toasts";
import { involvementIcons } from "./involvement-icons";
import { roomQuery, roomsQuery } from "./queries";

interface Props {
  room: Room;
  button: RefObject<HTMLButtonElement | null>;
  /** This device, if it does not notify although it could. */
  device: ThisDevice | null;
  onClose: () => void;
  /** Tells what to do where the browser does not allow notifications. */
  onHelp: () => void;
}

/** A direct room cannot be turned down to mentions or hidden: it is all about oneself. */
const levelsOf = (room: Room): readonly Room["involvement"][] =>
  room.type === "direct"
    ? ["everything", "nothing"]
    : ["mentions", "everything", "nothing", "invisible"];

/** How much one wants to hear of a room. */
export default function InvolvementMenu({ room, button, device, onClose, onHelp }: Props) {
  const cache = useQueryClient();
  const toast = useToast();

  const choose = async (involvement: Room["involvement"]) => {
    try {
      const params = { path: { room_id: room.id } };
      const url = "/api/v1/rooms/{room_id}/involvement";
      await answer(api.PUT(url, { params, body: { involvement } }));
      cache.setQueryData(
        roomQuery(room.id).queryKey,
        (known) => known && { ...known, involvement },
      );
      await cache.invalidateQueries({ queryKey: roomsQuery.queryKey });
    } catch (error) {
      toast({ text: `${words.involvement.failed} ${sentenceFor(error)}`, tone: "problem" });
    }
  };

  return (
    <Menu button={button} label={words.involvement.label} onClose={onClose}>
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
              {words.involvement.levels[level]}
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

/** Has this device notify; or says what keeps it from that. */
function DeviceItem({ device, onHelp }: { device: ThisDevice; onHelp: () => void }) {
  const cache = useQueryClient();
  const toast = useToast();
  const isOff = device.state === "off";

  const start = async () => {
    const status = cache.getQueryData(statusQuery.queryKey);
    try {
      if (status) await turnOn(status);
    } catch (error) {
      toast({ text: words.push.changeFailed(sentenceFor(error)), tone: "problem" });
    }
    await pushChanged(cache);
  };

  const Icon = isOff ? BellRing : CircleHelp;
  return (
    <>
      <DropdownMenu.Item className="menu__item" onSelect={isOff ? start : onHelp}>
        <span className="menu__icon" aria-hidden="true">
          <Icon />
        </span>
        {isOff ? words.push.turnOnHere : words.push.whyNot}
      </DropdownMenu.Item>
      <DropdownMenu.Separator className="menu__separator" />
    </>
  );
}
