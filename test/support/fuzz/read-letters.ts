// Dead letters as the api shows them, whatever lies on their topics.
import { setTimeout as sleep } from "node:timers/promises";
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

/** The first schema that nobody knows is waited for, for seconds: so long nobody can say which letters are settled. */
const KNOWN_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 500;

async function get(url: string): Promise<unknown> {
  const deadline = Date.now() + KNOWN_WITHIN_MS;
  let response = await fetch(url, { headers: headersOf(admin) });
  while (response.status === 503 && Date.now() < deadline) {
    await sleep(ASK_EVERY_MS);
    response = await fetch(url, { headers: headersOf(admin) });
  }
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${text}`);
  return JSON.parse(text);
}
