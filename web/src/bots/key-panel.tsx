import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Room } from "../api/types";
import { membersQuery } from "../rooms/members";
import { roomsQuery } from "../rooms/queries";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { CopyField } from "../ui/copy-field";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { SelectField } from "../ui/select-field";
import { useToast } from "../ui/toasts";
import { useTask } from "../ui/use-task";
import { type Bot, resetKey } from "./api";
import { hookCommand, hookUrl, postingCommand, postingUrl } from "./endpoint-urls";
import { updateCachedBot } from "./queries";

/** The bot's key, and URLs to use it. */
export function KeyPanel({ bot }: { bot: Bot }) {
  return (
    <Panel title={strings.bots.keyTitle} intro={strings.bots.keyIntro}>
      {bot.key === null ? (
        <FirstKey bot={bot} />
      ) : (
        <>
          <CopyField label={strings.bots.key} value={bot.key} action={strings.bots.copy} shown />
          <RoomUrls bot={bot} botKey={bot.key} />
          <ResetKey bot={bot} />
        </>
      )}
    </Panel>
  );
}

/** A bot imported from Campfire without a key: creating one breaks nothing. */
function FirstKey({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const toast = useToast();
  const make = useTask(async () => {
    updateCachedBot(cache, await resetKey(bot.id));
    toast({ text: strings.bots.keyReset });
  });
  return (
    <>
      <p className="panel__note">{strings.bots.noKey}</p>
      <ProblemText error={make.error} />
      <div className="panel__buttons">
        <Button onClick={() => make.run()} busy={make.busy}>
          <RefreshCw aria-hidden="true" />
          {strings.bots.makeKey}
        </Button>
      </div>
    </>
  );
}

/** How to post with the key to each room. */
function RoomUrls({ bot, botKey }: { bot: Bot; botKey: string }) {
  const { data: rooms } = useQuery(roomsQuery);
  const [chosen, setChosen] = useState<number | null>(null);
  const shared = rooms?.filter(({ type }) => type !== "direct") ?? [];
  const room = shared.find(({ id }) => id === chosen) ?? shared[0];
  if (!room) return <p className="panel__note">{strings.bots.noRooms}</p>;
  return (
    <>
      <SelectField
        label={strings.bots.room}
        value={room.id}
        onChange={(event) => setChosen(Number(event.target.value))}
      >
        {shared.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      {room.type === "closed" && <Membership bot={bot} room={room} />}
      <UrlFields botKey={botKey} roomId={room.id} />
    </>
  );
}

function UrlFields({ botKey, roomId }: { botKey: string; roomId: number }) {
  const { origin } = window.location;
  const posting = postingUrl(origin, roomId, botKey);
  const hook = hookUrl(origin, roomId, botKey);
  return (
    <>
      <CopyField label={strings.bots.postingUrl} value={posting} action={strings.bots.copy} shown />
      <CopyField
        label={strings.bots.postingCommand}
        value={postingCommand(posting, strings.bots.sample)}
        action={strings.bots.copy}
        shown
      />
      <h3 className="panel__subtitle">{strings.bots.hookTitle}</h3>
      <p className="panel__note">{strings.bots.hookIntro}</p>
      <CopyField label={strings.bots.hookUrl} value={hook} action={strings.bots.copy} shown />
      <CopyField
        label={strings.bots.hookCommand}
        value={hookCommand(hook, strings.bots.hookSample)}
        action={strings.bots.copy}
        shown
      />
    </>
  );
}

/** Bots are members of open rooms automatically; closed rooms have to add them. */
function Membership({ bot, room }: { bot: Bot; room: Room }) {
  const { data: members } = useQuery(membersQuery(room.id));
  if (!members || members.some(({ id }) => id === bot.id)) return null;
  return (
    <p className="bot-note" role="status">
      {strings.bots.notInRoom(bot.name, room.name)}{" "}
      <Link className="link" to={`/rooms/closeds/${room.id}/edit`}>
        {strings.bots.letIn}
      </Link>
    </p>
  );
}

function ResetKey({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);
  const reset = async () => {
    updateCachedBot(cache, await resetKey(bot.id));
    setIsConfirming(false);
    toast({ text: strings.bots.keyReset });
  };
  return (
    <div className="panel__buttons">
      <Button onClick={() => setIsConfirming(true)}>
        <RefreshCw aria-hidden="true" />
        {strings.bots.resetKey}
      </Button>
      {isConfirming && (
        <Confirm
          title={strings.bots.resetKeyTitle}
          text={strings.bots.resetKeyText}
          action={strings.bots.resetKeyAction}
          onConfirm={reset}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}
