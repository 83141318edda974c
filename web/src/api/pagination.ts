// Lists that the server gives out in parts, each with the address of the next (RFC 8288).
import { unwrap } from "./client";

export interface Page<Item> {
  items: Item[];
  /** The query of the next part, if there is one. */
  next: Record<string, string> | null;
}

/** One part of a list; throws what `answer` would throw. */
export async function unwrapPage<Item>(
  request: Promise<{ data?: Item[]; error?: unknown; response: Response }>,
): Promise<Page<Item>> {
  const items = await unwrap(request);
  const { response } = await request;
  return { items: items ?? [], next: nextQuery(response.headers.get("Link")) };
}

/** For infinite queries: from the beginning, and on as each part says. */
export const nextPageOptions = {
  initialPageParam: {} as Record<string, string>,
  getNextPageParam: ({ next }: Page<unknown>) => next,
};

/** The query of the address that a `Link` header calls "next". */
export function nextQuery(link: string | null): Record<string, string> | null {
  const [, address] = link?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/) ?? [];
  if (address === undefined) return null;
  const { searchParams } = new URL(address, "http://campfire.invalid");
  return Object.fromEntries(searchParams);
}
