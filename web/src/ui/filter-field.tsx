import { Search } from "lucide-react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A search field that filters a list. */
export function FilterField({ label, value, onChange }: Props) {
  return (
    <label className="filter-field">
      <Search className="filter-field__icon" aria-hidden="true" />
      <span className="visually-hidden">{label}</span>
      <input
        className="filter-field__input"
        type="search"
        placeholder={label}
        value={value}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        // Enter would submit the surrounding form.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
    </label>
  );
}
