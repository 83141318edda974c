import { useRef } from "react";
import { expect, it } from "vitest";
import { setUpPage } from "../testing/page";
import { PreserveFocus } from "./preserve-focus";

const { show, button } = setUpPage();

interface Props {
  names: readonly string[];
  tabIndex?: number;
  /** The item whose button is gone. */
  gone?: string;
}

function List({ names, tabIndex, gone }: Props) {
  const list = useRef<HTMLUListElement>(null);
  return (
    <main id="main-content" tabIndex={-1}>
      <PreserveFocus list={list} item="li">
        {names.length > 0 && (
          <ul ref={list} tabIndex={tabIndex}>
            {names.map((name) => (
              <li key={name} tabIndex={tabIndex}>
                {name === gone ? `${name}, settled` : <button type="button">{name}</button>}
              </li>
            ))}
          </ul>
        )}
      </PreserveFocus>
    </main>
  );
}

const focused = () => document.activeElement?.textContent;

it("moves the focus to the next item, then the previous one, then the page", () => {
  show(<List names={["one", "two", "three"]} />);
  button("two").focus();
  show(<List names={["one", "three"]} />);
  expect(focused()).toBe("three");
  show(<List names={["one"]} />);
  expect(focused()).toBe("one");
  show(<List names={[]} />);
  expect(document.activeElement?.id).toBe("main-content");
});

it("does not move the focus when it is elsewhere", () => {
  show(<List names={["one", "two", "three"]} />);
  button("two").focus();
  show(<List names={["two", "three"]} />);
  expect(focused()).toBe("two");
  button("two").blur();
  show(<List names={["three"]} />);
  expect(document.activeElement).toBe(document.body);
});

it("moves the focus to an item that has lost the focused button", () => {
  show(<List names={["one", "two"]} tabIndex={0} />);
  button("one").focus();
  show(<List names={["one", "two"]} tabIndex={0} gone="one" />);
  expect(focused()).toBe("one, settled");
});
