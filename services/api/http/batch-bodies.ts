// How the body of a batch is read. Sixteen MiB of JSON can be five million values, over which the
// parser sits for seconds; so the list of messages is cut into its items first, in turns, and each is
// parsed by itself.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { BATCH_BYTES_MAX, BODY_BYTES_MAX } from "#libs/contracts/limits.ts";
import { BATCH_COUNT_MAX } from "#libs/dialects/batch-ids.ts";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { parseJsonBody } from "#libs/http/json-bodies.ts";
import { isObject } from "#libs/json/json-object.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { type CutBody, cutMessages } from "./cut-messages.ts";

/** For a scope of routes that take batches. */
export function readBatchBodies(server: FastifyInstance): void {
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: BATCH_BYTES_MAX },
    async (_request: FastifyRequest, bytes: Buffer) => parseBatchBody(bytes),
  );
}

/**
 * What `parseJsonBody` makes of the bytes, without holding up others. One message may be as large as a
 * request of one message; of more messages than a batch may have, only their number is kept.
 */
export async function parseBatchBody(bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  const cut = await cutMessages(bytes);
  const head = parsePart(cut.head);
  if (!cut.items || !isObject(head)) return head;
  return { ...head, messages: await parseItems(cut.items) };
}

async function parseItems(items: NonNullable<CutBody["items"]>): Promise<unknown[]> {
  if (items.length > BATCH_COUNT_MAX) return Array.from(items, () => null);
  const turn = takeTurns();
  const messages: unknown[] = [];
  for (const item of items) {
    await turn();
    messages.push(parsePart(item));
  }
  return messages;
}

function parsePart(bytes: Buffer): unknown {
  if (bytes.length > BODY_BYTES_MAX) {
    const advice = "a message, or all beside the messages, is larger than 256 KiB.";
    throw new HttpRefusal({ status: 413, advice });
  }
  const value = parseJsonBody(bytes);
  if (value !== undefined) return value;
  throw new HttpRefusal({ status: 400, advice: "the body is not valid JSON." });
}
