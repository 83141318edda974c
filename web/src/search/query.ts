// Parses search queries as the server does: filters such as `from:name` or `in:"a room"`, and
// words. Anything that is not a filter is a word.

export const kinds = ["link", "file", "sound", "mention"] as const;

export type FilterName = "from" | "in" | "before" | "after" | "has";

export interface Filter {
  name: FilterName;
  value: string;
  /** The position in the text. */
  start: number;
  end: number;
}

/** The server's limit, in characters. */
export const maxQueryLength = 512;

/** The filters of a query, in order. */
export function parseFilters(text: string): Filter[] {
  // Typographic quotes are replaced one by one, so that positions stay the same.
  const plain = text.replaceAll(/[“”„«»]/g, '"');
  const filters: Filter[] = [];
  let at = 0;
  while (at < plain.length) {
    if (/\s/.test(plain.charAt(at))) {
      at += 1;
      continue;
    }
    const [named, name = ""] = /^([A-Za-z]+):/.exec(plain.slice(at)) ?? [];
    if (named) {
      const { value, end } = wordAt(plain, at + named.length);
      const filter = parseFilter(name.toLowerCase(), value.trim());
      if (filter) {
        filters.push({ ...filter, start: at, end });
        at = end;
        continue;
      }
    }
    at = wordAt(plain, at).end;
  }
  return filters;
}

export function withoutFilter(text: string, { start, end }: Filter): string {
  return joinParts(text.slice(0, start), text.slice(end));
}

/** The words of a query, without filters. */
export function queryWords(text: string): string {
  // From the end, so that earlier positions stay valid.
  return parseFilters(text).toReversed().reduce(withoutFilter, text).trim();
}

/** Formats a filter as it would be typed. */
export function formatFilter(name: FilterName, value: string): string {
  const plain = value.replaceAll('"', " ").trim();
  return `${name}:${/\s/.test(plain) ? `"${plain}"` : plain}`;
}

/** Combines words and filters into a query; skips empty values. */
export function buildQuery(
  words: string,
  filters: readonly (readonly [FilterName, string])[],
): string {
  const typed = filters
    .filter(([, value]) => value.trim() !== "")
    .map(([name, value]) => formatFilter(name, value));
  return joinParts(words, ...typed);
}

export function searchPath(query: string): string {
  return query === "" ? "/searches" : `/searches?${new URLSearchParams({ q: query })}`;
}

function parseFilter(name: string, value: string): Pick<Filter, "name" | "value"> | null {
  if (value === "") return null;
  if (name === "from") return { name, value: value.replace(/^@+/, "") };
  if (name === "in") return { name, value: value.replace(/^#+/, "") };
  if (name === "before" || name === "after") return isDay(value) ? { name, value } : null;
  if (name === "has") {
    const kind = kinds.find((known) => known === value.toLowerCase());
    return kind ? { name, value: kind } : null;
  }
  return null;
}

/** The word or quoted phrase at `start`, and where it ends. */
function wordAt(text: string, start: number): { value: string; end: number } {
  if (text.charAt(start) === '"') {
    const close = text.indexOf('"', start + 1);
    if (close < 0) return { value: text.slice(start + 1), end: text.length };
    return { value: text.slice(start + 1, close), end: close + 1 };
  }
  const blank = text.slice(start).search(/\s/);
  const end = blank < 0 ? text.length : start + blank;
  return { value: text.slice(start, end).replaceAll('"', " "), end };
}

function isDay(value: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function joinParts(...parts: string[]): string {
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" ");
}
