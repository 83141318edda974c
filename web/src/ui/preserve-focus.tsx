import { Component, type ReactNode, type RefObject } from "react";
import { focusPage } from "./focus-page";

const focusable = "button, a[href], input, summary, [tabindex]";

interface Props {
  /** The element that contains the items. */
  list: RefObject<HTMLElement | null>;
  /** The CSS selector of an item. */
  item: string;
  children: ReactNode;
}

/**
 * Around items that can be removed, or whose content can be, by anyone: when the focused element
 * disappears, the focus moves to its item, else to the nearest item, else to the list or the page.
 * A class component, because only `getSnapshotBeforeUpdate` runs before the DOM changes, while the
 * focused element is still known.
 */
export class PreserveFocus extends Component<Props> {
  /** The item with the focus, then those after it, then those before it, nearest first. */
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
    // The element is still there, or the code that removed it has moved the focus.
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

/** The item itself if it is focusable, otherwise the first focusable element in it. */
function firstIn(item: HTMLElement): HTMLElement | null {
  return item.matches(focusable) ? item : item.querySelector<HTMLElement>(focusable);
}
