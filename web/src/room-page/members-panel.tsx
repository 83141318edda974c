import { useQuery } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import type { RefObject } from "react";
import { errorMessage } from "../api/problem";
import type { Member, Room } from "../api/types";
import { membersQuery, sortedMembers } from "../rooms/members";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Button, LoadingDots } from "../ui/button";

interface Props {
  room: Room;
  /** The button that opened the panel: it is placed there and returns the focus to it. */
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** The members of a room, and who has it open. */
export default function MembersPanel({ room, button, onClose }: Props) {
  const members = useQuery(membersQuery(room.id));
  const here = members.data?.filter(({ connected }) => connected).length ?? 0;
  const keepForButton = (event: Event) => {
    if (event.target instanceof Node && button.current?.contains(event.target)) {
      event.preventDefault();
    }
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={button as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          className="members"
          aria-label={strings.members.title}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            button.current?.focus();
          }}
          onPointerDownOutside={keepForButton}
        >
          <header className="members__header">
            <h2 className="members__title">{strings.members.title}</h2>
            {members.data && <span className="members__count">{strings.members.here(here)}</span>}
          </header>
          {members.isPending && (
            <div className="members__note" role="status">
              <span className="visually-hidden">{strings.loading}</span>
              <LoadingDots />
            </div>
          )}
          {!members.data && members.isError && (
            <div className="members__note" role="alert">
              <p>
                {strings.members.failed} {errorMessage(members.error)}
              </p>
              <Button onClick={() => members.refetch()}>{strings.retry}</Button>
            </div>
          )}
          {members.data?.length === 0 && <p className="members__note">{strings.members.none}</p>}
          {members.data && <People members={members.data} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function People({ members }: { members: readonly Member[] }) {
  const { data: me } = useQuery(meQuery);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: makes the list scrollable by keyboard
    <ul className="members__list" tabIndex={0} aria-label={strings.members.title}>
      {sortedMembers(members).map((member) => (
        <li key={member.id} className="members__person">
          <span className="members__picture">
            <Avatar initials={member.initials} color={member.color} src={member.avatar_url} />
            {member.connected && <span className="members__here" />}
          </span>
          <span className="members__name" title={member.bio ?? undefined}>
            {member.name}
          </span>
          <span className="members__about">{about(member, me?.id)}</span>
        </li>
      ))}
    </ul>
  );
}

function about(member: Member, myId: number | undefined): string {
  const facts = [
    member.id === myId && strings.members.you,
    member.role === "bot" && strings.members.bot,
    member.connected && strings.members.present,
  ];
  return facts.filter(Boolean).join(", ");
}
