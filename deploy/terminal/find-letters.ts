// Dead letters by what a command's options say of them, over as many pages as that takes.
import { Type } from "typebox";
import type { ApiClient } from "./api-client.ts";
import { usageFault } from "./faults.ts";
import { LetterSummary } from "./letter-view.ts";

/** Pages that are looked through for one command: ten million letters of a topic. */
const PAGE_COUNT_MAX = 5_000;
const PAGE_LIMIT = 200;

const Page = Type.Object({
  items: Type.Array(LetterSummary),
  nextCursor: Type.Optional(Type.String()),
});

export type LetterFlags = {
  limit: string;
  topic?: string;
  stage?: string;
  forKey?: string;
  reason?: string;
  state?: string;
  from?: string;
  to?: string;
};

/** `isCut`: there may be more of them, older ones. */
export type FoundLetters = { letters: LetterSummary[]; isCut: boolean };

/** Goes through pages until there are as many as wanted, or none is left. */
export async function findLetters(
  { limit, ...flags }: LetterFlags,
  api: ApiClient,
): Promise<FoundLetters> {
  const wanted = countOf(limit);
  const found: LetterSummary[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGE_COUNT_MAX; page++) {
    const count = Math.min(PAGE_LIMIT, wanted - found.length);
    const path = `/dead-letters?${queryOf(flags, count, cursor)}`;
    const { items, nextCursor } = await api.call(Page, { path });
    found.push(...items);
    cursor = nextCursor;
    if (cursor === undefined || found.length >= wanted) break;
  }
  return { letters: found, isCut: cursor !== undefined };
}

function countOf(limit: string): number {
  if (/^[1-9]\d{0,5}$/.test(limit)) return Number(limit);
  throw usageFault(`--limit ${limit} is no count from 1 to 999999.`);
}

function queryOf(
  flags: Omit<LetterFlags, "limit">,
  limit: number,
  cursor: string | undefined,
): string {
  const { topic, stage, forKey: key, reason, state, from, to } = flags;
  const given = { topic, stage, key, reason, state, from, to, limit: String(limit), cursor };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) query.set(name, value);
  }
  return query.toString();
}
