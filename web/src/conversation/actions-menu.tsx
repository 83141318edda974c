import { Bookmark, BookmarkX, CircleDot, Link2, Pencil, Reply, Rocket, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from "react";
import type { Message } from "../api/types";
import { quickBoosts } from "../boosts/content";
import { strings } from "../strings";
import { Menu } from "../ui/menu";
import { useTools } from "./tools";

interface Props {
  message: Message;
  isBookmarked: boolean;
  onNewBoost: () => void;
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

/** The menu of actions for a message. */
export default function ActionsMenu(props: Props) {
  const { message, isBookmarked, onNewBoost, button, onClose } = props;
  const tools = useTools();
  /** Runs after the menu has closed and released the focus. */
  const afterwards = useRef<(() => void) | null>(null);
  const mayChange = tools.mayChange(message);
  const hasText = message.kind !== "attachment";

  return (
    <Menu
      button={button}
      label={strings.actions.open}
      className="actions-menu"
      onClose={onClose}
      afterwards={afterwards}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the items inside handle the keyboard */}
      <div className="actions-menu__boosts" onKeyDown={moveSideways}>
        {quickBoosts.map((emoji) => (
          <DropdownMenu.Item
            key={emoji}
            className="actions-menu__boost"
            aria-label={strings.boosts.quick[emoji]}
            title={strings.boosts.quick[emoji]}
            textValue={strings.boosts.quick[emoji]}
            onSelect={() => tools.boosting.add(message.id, emoji)}
          >
            {emoji}
          </DropdownMenu.Item>
        ))}
        <DropdownMenu.Item
          className="actions-menu__boost"
          aria-label={strings.boosts.create}
          title={strings.boosts.create}
          textValue={strings.boosts.create}
          onSelect={() => {
            afterwards.current = onNewBoost;
          }}
        >
          <Rocket aria-hidden="true" />
        </DropdownMenu.Item>
      </div>
      <DropdownMenu.Separator className="menu__separator" />
      {hasText && (
        <Action
          icon={<Reply />}
          onSelect={() => {
            afterwards.current = () => tools.reply(message);
          }}
        >
          {strings.actions.reply}
        </Action>
      )}
      <Action icon={<Link2 />} onSelect={() => tools.copyLink(message)}>
        {strings.actions.copyLink}
      </Action>
      <Action
        icon={isBookmarked ? <BookmarkX /> : <Bookmark />}
        onSelect={() => tools.bookmark(message, !isBookmarked)}
      >
        {isBookmarked ? strings.actions.unbookmark : strings.actions.bookmark}
      </Action>
      <Action icon={<CircleDot />} onSelect={() => tools.markUnread(message)}>
        {strings.actions.markUnread}
      </Action>
      {mayChange && hasText && (
        <Action
          icon={<Pencil />}
          onSelect={() => {
            afterwards.current = () => tools.edit(message);
          }}
        >
          {strings.actions.edit}
        </Action>
      )}
      {mayChange && (
        <Action
          icon={<Trash2 />}
          negative
          onSelect={() => {
            afterwards.current = () => tools.remove(message);
          }}
        >
          {strings.actions.remove}
        </Action>
      )}
    </Menu>
  );
}

interface ActionProps {
  icon: ReactNode;
  negative?: boolean;
  onSelect: () => void;
  children: string;
}

function Action({ icon, negative = false, onSelect, children }: ActionProps) {
  return (
    <DropdownMenu.Item
      className={negative ? "menu__item menu__item--negative" : "menu__item"}
      onSelect={onSelect}
    >
      <span className="menu__icon" aria-hidden="true">
        {icon}
      </span>
      {children}
    </DropdownMenu.Item>
  );
}

/** The boosts form a grid row: left and right move through it. */
function moveSideways(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const forwards = (event.key === "ArrowRight") !== event.currentTarget.matches(":dir(rtl)");
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[at + (forwards ? 1 : -1)]?.focus();
  event.preventDefault();
}
