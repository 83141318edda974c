// Paged lists; the `Link` header has the URL of the next page (RFC 8288).
import { unwrap } from "./client";

export interface Page<Item> {
  items: Item[];
  /** The query parameters of the next page, or null on the last one. */
  next: Record<string, string> | null;
}

/** A page of a list. Throws like `unwrap`. */
export async function unwrapPage<Item>(
  request: Promise<{ data?: Item[]; error?: unknown; response: Response }>,
): Promise<Page<Item>> {
  const items = await unwrap(request);
  const { response } = await request;
  return { items: items ?? [], next: nextQuery(response.headers.get("Link")) };
}

/** Options for infinite queries. */
export const nextPageOptions = {
  initialPageParam: {} as Record<string, string>,
  getNextPageParam: ({ next }: Page<unknown>) => next,
};

/** The query parameters of the `rel="next"` URL in a `Link` header. */
export function nextQuery(link: string | null): Record<string, string> | null {
  const [, address] = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/) ?? [];
  if (address === undefined) return null;
  const { searchParams } = new URL(address, "http://campfire.invalid");
  return Object.fromEntries(searchParams);
}
