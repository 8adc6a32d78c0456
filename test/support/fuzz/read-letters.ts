// Dead letters as the api shows them, whatever lies on their topics.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { admin, headersOf } from "./fuzz-account.ts";

const Page = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String() })),
  nextCursor: Type.Optional(Type.String()),
});

/** Of each page so many are shown one by one. */
const SHOWN_COUNT = 5;
/** A long run leaves millions: the newest are looked at. */
const PAGE_COUNT_MAX = 100;

/** How many the api lists of the newest. Rejects where it does not list or show one. */
export async function readLetters(apiUrl: string): Promise<number> {
  let count = 0;
  let cursor = "";
  for (let pages = 0; pages < PAGE_COUNT_MAX; pages += 1) {
    const listed = await get(`${apiUrl}/ft/v1/dead-letters?limit=100${cursor}`);
    const { items, nextCursor } = Value.Parse(Page, listed);
    for (const { id } of items.slice(0, SHOWN_COUNT)) {
      await get(`${apiUrl}/ft/v1/dead-letters/${encodeURIComponent(id)}`);
    }
    count += items.length;
    if (nextCursor === undefined) return count;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return count;
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: headersOf(admin) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${text}`);
  return JSON.parse(text);
}
