import { Component, type ReactNode, type RefObject } from "react";
import { focusPage } from "./focus-page";

const focusable = "button, a[href], input, summary, [tabindex]";

interface Props {
  /** What holds the items. */
  list: RefObject<HTMLElement | null>;
  /** The selector of an item. */
  item: string;
  children: ReactNode;
}

interface Held {
  item: Element;
  /** The others: those after it, then those before it, the nearest first. */
  others: readonly HTMLElement[];
}

/**
 * Around items that may disappear, whoever removes them: when the one with the focus goes, its neighbour takes the
 * focus, at last the list or the page. Nobody has to find back to where they were. Only React's classes are asked just
 * before the page changes, while it is still known who has the focus.
 */
export class KeepsFocus extends Component<Props> {
  override getSnapshotBeforeUpdate(): Held | null {
    const { list, item } = this.props;
    const focused = document.activeElement;
    if (!focused || !list.current?.contains(focused)) return null;
    const held = focused.closest<HTMLElement>(item);
    if (!held) return null;
    const all = [...list.current.querySelectorAll<HTMLElement>(item)];
    const at = all.indexOf(held);
    return { item: held, others: [...all.slice(at + 1), ...all.slice(0, at).reverse()] };
  }

  override componentDidUpdate(_props: Props, _state: unknown, held: Held | null) {
    if (!held || held.item.isConnected) return;
    // Whoever removed it may have seen to it.
    if (document.activeElement && document.activeElement !== document.body) return;
    const neighbour = held.others.find(({ isConnected }) => isConnected);
    const list = this.props.list.current;
    const target = neighbour ? firstIn(neighbour) : list?.hasAttribute("tabindex") && list;
    if (target) target.focus({ preventScroll: true });
    else focusPage();
  }

  override render() {
    return this.props.children;
  }
}

/** The item itself, if it takes the focus, or what does in it. */
function firstIn(item: HTMLElement): HTMLElement | null {
  return item.matches(focusable) ? item : item.querySelector<HTMLElement>(focusable);
}
