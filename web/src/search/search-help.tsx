import { strings } from "../strings";
import type { FilterName } from "./query";

/** Explains the filters, with buttons that insert them into the field. */
export function SearchHelp({ onPick }: { onPick: (piece: string) => void }) {
  const { help } = strings.search;
  return (
    <section className="search-help" aria-label={help.title}>
      <h2 className="search-help__title">{help.title}</h2>
      <dl className="search-help__list">
        {examples(new Date()).map(({ name, typed, adds }) => (
          <div className="search-help__line" key={name}>
            <dt>
              <button type="button" className="search-help__try" onClick={() => onPick(adds)}>
                <span className="visually-hidden">{help.use} </span>
                <code>{typed}</code>
              </button>
            </dt>
            <dd>{help.filters[name]}</dd>
          </div>
        ))}
        <div className="search-help__line">
          <dt>
            <code className="search-help__sample">{help.phrase}</code>
          </dt>
          <dd>{help.phraseDoes}</dd>
        </div>
      </dl>
      <p className="search-help__note">{help.prefix}</p>
    </section>
  );
}

interface Example {
  name: FilterName;
  typed: string;
  /** The text that the button inserts; the user continues typing after it. */
  adds: string;
}

function examples(now: Date): Example[] {
  const { help } = strings.search;
  const firstDay = `${now.getFullYear()}-01-01`;
  return [
    { name: "from", typed: `from:${help.name}`, adds: "from:" },
    { name: "in", typed: `in:${help.room}`, adds: "in:" },
    { name: "after", typed: `after:${firstDay}`, adds: `after:${firstDay} ` },
    { name: "before", typed: `before:${firstDay}`, adds: `before:${firstDay} ` },
    { name: "has", typed: "has:link", adds: "has:link " },
  ];
}
