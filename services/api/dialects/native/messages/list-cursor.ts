// Where a list goes on, as a client hands it back without reading it.

import { Problem } from "#libs/dialects/native/problem.ts";
import type { ListedMessage } from "#libs/flow-store/ports.ts";

const CURSOR = /^(\d{1,15}) (.{1,256})$/s;

/** Where the next page begins, for a client that only hands it back. */
export function encodeCursor({ at, messageId }: ListedMessage): string {
  return Buffer.from(`${at} ${messageId}`).toString("base64url");
}

/** Throws Problem `bad-request` for what no answer of ours has held. */
export function parseCursor(cursor: string): ListedMessage {
  const [, at, messageId] = CURSOR.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  const place = messageId !== undefined && { at: Number(at), messageId };
  if (place && encodeCursor(place) === cursor) return place;
  throw new Problem("bad-request", "Send the `nextCursor` of the page before, as it is.");
}
