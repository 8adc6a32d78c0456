// Which message an id means: ours, or whatever else its client or a carrier has for it.
import { Type } from "typebox";
import type { ApiClient } from "./api-client.ts";
import { Fault, refusalFault } from "./faults.ts";
import { type Told, ToldMessage } from "./story-view.ts";
import { Summary, showSummary } from "./summary-view.ts";

const Page = Type.Object({
  items: Type.Array(Summary),
  nextCursor: Type.Optional(Type.String()),
});

/** Enough to see what the id has in common. */
const SHOWN_COUNT = 20;
/** The API looks through 2,000 messages for a page. */
const PAGE_COUNT_MAX = 20;

/** Throws Fault where no message has the id, or where several have it, with their own ids. */
export async function findMessage(id: string, api: ApiClient): Promise<Told> {
  try {
    return await readMessage(id, api);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "not-found") throw error;
    const [only, ...others] = await knownAs(id, api);
    if (!only) throw error;
    if (others.length === 0) return readMessage(only.messageId, api);
    const lines = [only, ...others].map(showSummary).join("\n");
    const advice = "Several messages have that id. Name one by its own, in the second column:";
    throw refusalFault(`${advice}\n${lines}`, "several-messages");
  }
}

async function knownAs(id: string, api: ApiClient) {
  const query = new URLSearchParams({ knownAs: id, limit: String(SHOWN_COUNT) });
  for (let pageCount = 0; pageCount < PAGE_COUNT_MAX; pageCount += 1) {
    const { items, nextCursor } = await api.call(Page, { path: `/messages?${query.toString()}` });
    if (items.length > 0 || nextCursor === undefined) return items;
    query.set("cursor", nextCursor);
  }
  return [];
}

/** By our id, or one of a vendor's that leads to it. */
export function readMessage(id: string, api: ApiClient): Promise<Told> {
  return api.call(ToldMessage, { path: `/messages/${encodeURIComponent(id)}` });
}
