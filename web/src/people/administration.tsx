import { Ban, UserMinus } from "lucide-react";
import { useNavigate } from "react-router";
import { answer, api } from "../api/client";
import type { Person } from "../api/types";
import { words } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Panel } from "../ui/panel";
import { PasswordResetBox } from "./password-reset-box";
import { RoleSwitch } from "./role-switch";
import { useAct } from "./use-person-action";

/** What administrators can do about somebody else. */
export function Administration({ person }: { person: Person }) {
  const isBanned = person.status === "banned";
  return (
    <>
      <Panel title={words.people.administration}>
        {!isBanned && <RoleSwitch person={person} />}
        <div className="panel__buttons">
          {isBanned ? <UnbanButton person={person} /> : <BanButton person={person} />}
          <RemoveButton person={person} />
        </div>
      </Panel>
      {!isBanned && <PasswordResetBox person={person} />}
    </>
  );
}

function BanButton({ person }: { person: Person }) {
  const act = useAct(person);
  const ban = async () => {
    await answer(api.POST("/api/v1/users/{user_id}/ban", act.at));
    act.done({ status: "banned" }, words.people.nowBanned(person.name));
  };
  return (
    <>
      <Button look="negative" onClick={act.ask}>
        <Ban aria-hidden="true" />
        {words.people.ban(person.name)}
      </Button>
      {act.asks && (
        <Confirm
          title={words.people.ban(person.name)}
          text={words.people.banText}
          action={words.people.banAction}
          onConfirm={ban}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}

function UnbanButton({ person }: { person: Person }) {
  const act = useAct(person);
  const unban = async () => {
    await answer(api.DELETE("/api/v1/users/{user_id}/ban", act.at));
    act.done({ status: "active" }, words.people.unbanned(person.name));
  };
  return (
    <>
      <Button onClick={act.ask}>{words.people.unban}</Button>
      {act.asks && (
        <Confirm
          title={words.people.unban}
          text={words.people.unbanText}
          action={words.people.unban}
          onConfirm={unban}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}

function RemoveButton({ person }: { person: Person }) {
  const act = useAct(person);
  const navigate = useNavigate();
  const remove = async () => {
    await answer(api.DELETE("/api/v1/users/{user_id}", act.at));
    act.done({ status: "deactivated" }, words.people.removed(person.name));
    navigate("/account/edit", { replace: true });
  };
  return (
    <>
      <Button look="negative" onClick={act.ask}>
        <UserMinus aria-hidden="true" />
        {words.people.remove(person.name)}
      </Button>
      {act.asks && (
        <Confirm
          title={words.people.remove(person.name)}
          text={words.people.removeText}
          action={words.people.removeAction}
          onConfirm={remove}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}
