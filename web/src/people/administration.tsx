import { Ban, UserMinus } from "lucide-react";
import { useNavigate } from "react-router";
import { api, unwrap } from "../api/client";
import type { Person } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Panel } from "../ui/panel";
import { PasswordResetBox } from "./password-reset-box";
import { RoleSwitch } from "./role-switch";
import { usePersonAction } from "./use-person-action";

/**
 * What administrators can do with another user: change the role, reset the password, ban,
 * deactivate.
 */
export function Administration({ person }: { person: Person }) {
  const isBanned = person.status === "banned";
  return (
    <>
      <Panel title={strings.people.administration}>
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
  const act = usePersonAction(person);
  const ban = async () => {
    await unwrap(api.POST("/api/v1/users/{user_id}/ban", act.at));
    act.done({ status: "banned" }, strings.people.nowBanned(person.name));
  };
  return (
    <>
      <Button look="negative" onClick={act.ask}>
        <Ban aria-hidden="true" />
        {strings.people.ban(person.name)}
      </Button>
      {act.isConfirming && (
        <Confirm
          title={strings.people.ban(person.name)}
          text={strings.people.banText}
          action={strings.people.banAction}
          onConfirm={ban}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}

function UnbanButton({ person }: { person: Person }) {
  const act = usePersonAction(person);
  const unban = async () => {
    await unwrap(api.DELETE("/api/v1/users/{user_id}/ban", act.at));
    act.done({ status: "active" }, strings.people.unbanned(person.name));
  };
  return (
    <>
      <Button onClick={act.ask}>{strings.people.unban}</Button>
      {act.isConfirming && (
        <Confirm
          title={strings.people.unban}
          text={strings.people.unbanText}
          action={strings.people.unban}
          onConfirm={unban}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}

function RemoveButton({ person }: { person: Person }) {
  const act = usePersonAction(person);
  const navigate = useNavigate();
  const remove = async () => {
    await unwrap(api.DELETE("/api/v1/users/{user_id}", act.at));
    act.done({ status: "deactivated" }, strings.people.removed(person.name));
    navigate("/account/edit", { replace: true });
  };
  return (
    <>
      <Button look="negative" onClick={act.ask}>
        <UserMinus aria-hidden="true" />
        {strings.people.remove(person.name)}
      </Button>
      {act.isConfirming && (
        <Confirm
          title={strings.people.remove(person.name)}
          text={strings.people.removeText}
          action={strings.people.removeAction}
          onConfirm={remove}
          onCancel={act.cancel}
        />
      )}
    </>
  );
}
