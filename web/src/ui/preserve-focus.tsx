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

/**
 * Around items that may disappear, or what they hold, whoever removes it: when what has the focus goes, its item takes
 * the focus, else a neighbour, at last the list or the page. Nobody has to find back to where they were. Only React's
 * classes are asked just before the page changes, while it is still known who has the focus.
 */
export class PreserveFocus extends Component<Props> {
  /** The item with the focus, then those after it, then those before it, the nearest first. */
  override getSnapshotBeforeUpdate(): readonly HTMLElement[] | null {
    const { list, item } = this.props;
    const focused = document.activeElement;
    if (!focused || !list.current?.contains(focused)) return null;
    const held = focused.closest<HTMLElement>(item);
    if (!held) return null;
    const all = [...list.current.querySelectorAll<HTMLElement>(item)];
    const at = all.indexOf(held);
    return [...all.slice(at), ...all.slice(0, at).reverse()];
  }

  override componentDidUpdate(_props: Props, _state: unknown, near: readonly HTMLElement[] | null) {
    // It is still there, or whoever removed it has seen to it.
    if (!near || (document.activeElement && document.activeElement !== document.body)) return;
    const nearest = near.filter(({ isConnected }) => isConnected).map(firstIn);
    const list = this.props.list.current;
    const target = nearest.find(Boolean) ?? (list?.hasAttribute("tabindex") ? list : null);
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
