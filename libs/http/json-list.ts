// A long list as an answer. To write a hundred thousand items as JSON in one go takes a second.
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { takeTurns } from "#libs/take-turns.ts";
import { JSON_TYPE } from "./json-type.ts";

/** UTF-16 units that are handed on at once: a chunk for each small item costs more than the item. */
const PIECE_LENGTH = 64 * 1024;

/** What stands around the items, such as `{"items":[` and `]}`. */
type Around = { before: string; after: string };

/** Answers with the items as JSON, written one by one: others have their turn between them. */
export function sendList(reply: FastifyReply, items: readonly unknown[], around: Around) {
  const text = Readable.from(piecesOf(items, around), { objectMode: false });
  return reply.type(JSON_TYPE).send(text);
}

async function* piecesOf(items: readonly unknown[], { before, after }: Around) {
  const turn = takeTurns();
  let piece = before;
  for (const [index, item] of items.entries()) {
    await turn();
    piece += `${index === 0 ? "" : ","}${JSON.stringify(item)}`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  yield piece + after;
}
