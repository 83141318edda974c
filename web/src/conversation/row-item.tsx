import { memo } from "react";
import type { Message, User } from "../api/types";
import { Unrenderable } from "../messages/unrenderable";
import { strings } from "../strings";
import { ErrorBoundary } from "../ui/lazy-boundary";
import { longDate, Time } from "../ui/time";
import { MessageItem } from "./message-item";
import { isSameRow, type Row } from "./rows";
import { UnsentItem } from "./unsent-item";

interface Props {
  row: Row;
  me: User;
  isMarked: boolean;
  isFresh: boolean;
  editedFrom: Message | null;
  isGone: boolean;
  isBookmarked: boolean;
}

/** A row of the list. If it fails to render, the others still do. */
export const RowItem = memo(function RowItem(props: Props) {
  const { row } = props;
  const fallback = (
    <div className="message" data-row="" tabIndex={-1}>
      <div className="message__avatar" />
      <div className="message__main">
        <Unrenderable />
      </div>
    </div>
  );
  return (
    <ErrorBoundary fallback={fallback} resetKey={row.kind === "message" ? row.message : row.key}>
      <RowContent {...props} />
    </ErrorBoundary>
  );
}, isSameProps);

/** Rows are rebuilt on each change of the list; most of them are equal to the previous ones. */
function isSameProps({ row, ...rest }: Props, { row: nextRow, ...next }: Props): boolean {
  const names = Object.keys(rest) as (keyof typeof rest)[];
  return isSameRow(row, nextRow) && names.every((name) => Object.is(rest[name], next[name]));
}

function RowContent({ row, me, ...rest }: Props) {
  switch (row.kind) {
    case "day":
      return (
        <h2 className="day">
          <Time className="day__date" date={row.date} format={longDate} />
        </h2>
      );
    case "new":
      return (
        <h2 className="new-line">
          <span className="new-line__text">{strings.messages.newSince}</span>
        </h2>
      );
    case "entry":
      return <UnsentItem entry={row.entry} follows={row.follows} me={me} />;
    case "message":
      return <MessageItem message={row.message} follows={row.follows} me={me} {...rest} />;
  }
}
