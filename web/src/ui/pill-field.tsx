import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { classNames } from "./button";

export interface Pill {
  id: number;
  label: string;
  /** Decorative: the label says it all. */
  picture: ReactNode;
}

interface Props {
  label: string;
  placeholder: string;
  chosen: readonly Pill[];
  /** The options, best first, without the chosen ones. */
  suggestions: readonly Pill[];
  query: string;
  onQuery: (query: string) => void;
  onAdd: (pill: Pill) => void;
  onRemove: (pill: Pill) => void;
  /** Accessible names. */
  chosenLabel: string;
  suggestionsLabel: string;
  removeLabel: (label: string) => string;
  /** Rendered instead of the suggestions when there are none. */
  nothing?: ReactNode;
}

/**
 * A combobox for choosing several items. Chosen items become pills; suggestions are listed below.
 */
export function PillField(props: Props) {
  const { chosen, suggestions, query, onQuery, onAdd, onRemove } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const at = Math.min(active, suggestions.length - 1);

  const add = (pill: Pill | undefined) => {
    if (!pill) return;
    onAdd(pill);
    setActive(0);
    input.current?.focus();
  };
  const remove = (pill: Pill | undefined) => {
    if (!pill) return;
    onRemove(pill);
    input.current?.focus();
  };
  const move = (by: number) => {
    const next = (at + by + suggestions.length) % suggestions.length;
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Backspace" && query === "") return remove(chosen.at(-1));
    // With an empty query, Enter submits the form.
    if (event.key === "Enter" && query === "" && chosen.length > 0) return;
    if (event.key === "Enter") add(suggestions[at]);
    else if (event.key === "ArrowDown" && suggestions.length > 0) move(1);
    else if (event.key === "ArrowUp" && suggestions.length > 0) move(-1);
    else return;
    event.preventDefault();
  };

  return (
    <div className="pill-field">
      <label className="field__label" htmlFor={id}>
        {props.label}
      </label>
      <div className="pill-field__box">
        {chosen.length > 0 && (
          <ul className="pill-field__pills" aria-label={props.chosenLabel}>
            {chosen.map((pill) => (
              <li key={pill.id} className="pill">
                {pill.picture}
                <span dir="auto">{pill.label}</span>
                <button
                  type="button"
                  className="pill__remove"
                  aria-label={props.removeLabel(pill.label)}
                  onClick={() => remove(pill)}
                >
                  <X aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          id={id}
          ref={input}
          className="pill-field__input"
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={suggestions[at] && `${id}-${suggestions[at].id}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={chosen.length === 0 ? props.placeholder : ""}
          value={query}
          maxLength={100}
          // biome-ignore lint/a11y/noAutofocus: the purpose of the form is to type names
          autoFocus
          onChange={(event) => {
            onQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        id={`${id}-list`}
        ref={list}
        className="pill-field__list"
        role="listbox"
        aria-label={props.suggestionsLabel}
      >
        {suggestions.map((pill, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the focused field handles the keys
          <div
            key={pill.id}
            id={`${id}-${pill.id}`}
            className={classNames("pill-option", index === at && "pill-option--active")}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => add(pill)}
          >
            {pill.picture}
            <span className="pill-option__label" dir="auto">
              {pill.label}
            </span>
          </div>
        ))}
      </div>
      {suggestions.length === 0 && props.nothing}
    </div>
  );
}
