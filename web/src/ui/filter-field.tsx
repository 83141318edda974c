import { Search } from "lucide-react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Where one types to shorten a list. */
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
        // Enter would send the form around it.
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
    </label>
  );
}
