import { Hash } from "lucide-react";
import { type FormEvent, useCallback, useMemo, useState } from "react";
import { Problem } from "../api/problem";
import type { Room, User } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Field } from "../ui/field";
import { finePointer, matchesMedia } from "../ui/media";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { Switch } from "../ui/switch";
import { useTask } from "../ui/use-task";
import { MemberPicker } from "./member-picker";

const maxNameLength = 100;
const none: readonly User[] = [];

export interface RoomDraft {
  name: string;
  type: "open" | "closed";
  user_ids?: number[];
}

interface Props {
  me: User;
  /** Null for a new room. */
  room: Room | null;
  members: readonly User[];
  /** The initial type, from the URL. */
  type: "open" | "closed";
  submit: string;
  onSubmit: (draft: RoomDraft) => Promise<void>;
}

/** The form for the name and members of a shared room. */
export function RoomForm({ me, room, members, type, submit, onSubmit }: Props) {
  const [isOpen, setIsOpen] = useState(type === "open");
  // Only changes made here, so that saving does not undo changes that others made in the meantime.
  const [switched, setSwitched] = useState<ReadonlyMap<number, boolean>>(new Map());
  const chosen = useMemo(() => {
    const ids = new Set(room ? members.map(({ id }) => id) : [me.id]);
    for (const [id, isIn] of switched) isIn ? ids.add(id) : ids.delete(id);
    return ids;
  }, [room, members, me.id, switched]);
  // A change that removes someone's access has to be confirmed.
  const [unconfirmed, setUnconfirmed] = useState<RoomDraft | null>(null);
  const save = useTask(onSubmit);
  const fields = save.error instanceof Problem ? save.error.fields : {};
  const isKnownOpen = room?.type === "open";
  const keepsPeople = room?.type === "closed" && switched.size === 0;
  const leaves = room !== null && !isOpen && !chosen.has(me.id);

  const choose = useCallback((id: number, isIn: boolean) => {
    setSwitched((before) => new Map(before).set(id, isIn));
  }, []);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    const draft: RoomDraft = isOpen
      ? { name, type: "open" }
      : { name, type: "closed", ...(keepsPeople ? {} : { user_ids: [...chosen] }) };
    if (leaves || (isKnownOpen && !isOpen)) setUnconfirmed(draft);
    else save.run(draft);
  };
  const myself = useMemo(() => [me], [me]);
  const question = useMemo(() => {
    if (leaves) {
      const { selfTitle, selfText, selfAction } = strings.roomForms;
      return { title: selfTitle, text: selfText, action: selfAction };
    }
    const { closeTitle, closeText, closeAction } = strings.roomForms;
    return {
      title: closeTitle,
      text: closeText(room?.name ?? "", chosen.size),
      action: closeAction,
    };
  }, [leaves, room, chosen]);

  return (
    <form className="room-form" onSubmit={send}>
      <Panel>
        <Field
          label={strings.roomForms.name}
          name="name"
          icon={<Hash aria-hidden="true" />}
          defaultValue={room?.name ?? strings.roomForms.prefilled}
          maxLength={maxNameLength}
          autoComplete="off"
          error={fields.name}
          required
          // On a touch screen, focusing would open the keyboard over the form.
          autoFocus={matchesMedia(finePointer)}
          onFocus={(event) => !room && event.currentTarget.select()}
        />
        <Switch
          checked={isOpen}
          label={isOpen ? strings.roomForms.giveSome : strings.roomForms.giveAll}
          hint={isOpen ? strings.roomForms.everyoneHint : strings.roomForms.someHint}
          onChange={(event) => setIsOpen(event.target.checked)}
        >
          <strong>{strings.roomForms.everyone}</strong>
        </Switch>
        {!isOpen && chosen.size === 0 && (
          <p className="problem-text" role="alert">
            {strings.roomForms.noMembers}
          </p>
        )}
        <ProblemText error={fields.name ? null : save.error} />
        <div className="room-form__end">
          <span className="panel__note" role="status">
            {isOpen ? "" : strings.roomForms.chosen(chosen.size)}
          </span>
          <Button
            type="submit"
            look="reversed"
            busy={save.busy}
            disabled={!isOpen && chosen.size === 0}
          >
            {submit}
          </Button>
        </div>
      </Panel>
      <Panel title={strings.roomForms.who}>
        <MemberPicker
          me={me}
          members={isOpen ? none : room ? members : myself}
          chosen={isOpen ? null : chosen}
          fixed={room ? undefined : me.id}
          onChange={choose}
        />
      </Panel>
      {unconfirmed && (
        <Confirm
          {...question}
          onConfirm={async () => {
            setUnconfirmed(null);
            await save.run(unconfirmed);
          }}
          onCancel={() => setUnconfirmed(null)}
        />
      )}
    </form>
  );
}
