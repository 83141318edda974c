import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId } from "react";
import { peopleByNameQuery } from "../people/queries";
import { roomsQuery } from "../rooms/queries";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { SelectField } from "../ui/select-field";
import { buildQuery, type FilterName, kinds, parseFilters, queryWords } from "./query";

interface Props {
  text: string;
  onDone: (query: string) => void;
  onClose: () => void;
}

/** A form for the search filters, as an alternative to typing them. */
export function FilterDialog({ text, onDone, onClose }: Props) {
  const id = useId();
  const { data: rooms } = useQuery(roomsQuery);
  const { data: directory } = useQuery(peopleByNameQuery(""));
  const filters = parseFilters(text);
  const valuesOf = (name: FilterName) =>
    filters.filter((filter) => filter.name === name).map(({ value }) => value);
  const [from = "", ...otherAuthors] = valuesOf("from");
  const [room = "", ...otherRooms] = valuesOf("in");
  // The filter uses names, so rooms with the same name are one option.
  const names = rooms?.filter(({ type }) => type !== "direct").map(({ name }) => name);
  const shared = [...new Set(names)];

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? "");
    onDone(
      buildQuery(given("words"), [
        ["from", given("from")],
        // The form shows the first of several; the others are kept.
        ...otherAuthors.map((name) => ["from", name] as const),
        ["in", given("in")],
        ...otherRooms.map((name) => ["in", name] as const),
        ["after", given("after")],
        ["before", given("before")],
        ...form.getAll("has").map((kind) => ["has", String(kind)] as const),
      ]),
    );
  };

  return (
    <Dialog title={strings.search.filters} className="filters" onClose={onClose} fieldFirst>
      <form className="form" onSubmit={submit}>
        <Field
          label={strings.search.words}
          name="words"
          defaultValue={queryWords(text)}
          maxLength={300}
          autoComplete="off"
        />
        <Field
          label={strings.search.from}
          hint={strings.search.fromHint}
          name="from"
          list={`${id}-people`}
          defaultValue={from}
          maxLength={100}
          autoComplete="off"
        />
        <datalist id={`${id}-people`}>
          <option value="me" />
          {directory?.people.map((person) => (
            <option key={person.id} value={person.name} />
          ))}
        </datalist>
        <SelectField label={strings.search.in} name="in" defaultValue={room} key={shared.length}>
          <option value="">{strings.search.anywhere}</option>
          {room !== "" && !shared.includes(room) && <option value={room}>{room}</option>}
          {shared.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
        <div className="filters__days">
          <Field
            label={strings.search.after}
            name="after"
            type="date"
            defaultValue={valuesOf("after")[0]}
          />
          <Field
            label={strings.search.before}
            name="before"
            type="date"
            defaultValue={valuesOf("before")[0]}
          />
        </div>
        <fieldset className="filters__kinds">
          <legend className="field__label">{strings.search.has}</legend>
          {kinds.map((kind) => (
            <label key={kind} className="choice">
              <input
                className="choice__input"
                type="checkbox"
                name="has"
                value={kind}
                defaultChecked={valuesOf("has").includes(kind)}
              />
              {strings.search.kinds[kind]}
            </label>
          ))}
        </fieldset>
        <div className="dialog__buttons">
          {filters.length > 0 && (
            <Button onClick={() => onDone(queryWords(text))}>{strings.search.clearFilters}</Button>
          )}
          <Button type="submit" look="reversed">
            {strings.search.apply}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
