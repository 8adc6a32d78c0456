// Sending many messages at once.
import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { ErrorCode } from "#libs/dialects/8x8/error-codes.ts";
import { member } from "#libs/dialects/8x8/json-value.ts";
import type { Refusal } from "#libs/dialects/8x8/refusal.ts";
import {
  givenMessage,
  type ParsedItem,
  parseBatch,
  parseMessages,
} from "#libs/dialects/8x8/send/parse-batch.ts";
import { userIds } from "#libs/dialects/8x8/user-ids.ts";
import { messageIdAt, newBatchId } from "#libs/dialects/batch-ids.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { mapInTurns } from "#libs/take-turns.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptBatchAndWarn, type PlacedSend } from "../../messages/accept-and-warn.ts";
import {
  asFirstSent,
  type FirstSent,
  findFirstSent,
  idBytesFor,
  type Repeats,
  repeatsOf,
  requestOf,
} from "./repeats.ts";

/**
 * Accepts what is valid and says of the others why not; the batch itself always succeeds. Its id
 * counts only the accepted ones, so that whoever cancels it knows them all.
 */
export async function sendBatch(request: FastifyRequest, deps: ApiDeps) {
  const now = Date.now();
  const account = callerOf(request);
  const batch = parseBatch(request.body);
  const repeats = repeatsOf(account, deps, now);
  const given = await mapInTurns(batch.items, (item) => givenMessage(item, batch.template));
  const earlier = await findFirstSent(given, repeats);
  const items = await parseMessages(batch, { account, now, given, earlier });
  const clientIds = items.flatMap(clientIdsOf);
  const acceptedCount = clientIds.length;
  const batchId = newBatchId(acceptedCount, idBytesFor(clientIds, repeats));
  const { clientBatchId, wantsMessages } = batch;
  const sent = await withIds(items, { given, ids: { batchId, clientBatchId }, repeats });
  await acceptBatchAndWarn(placed(sent, items), request, deps);
  return {
    batchId,
    ...(clientBatchId !== null && { clientBatchId }),
    acceptedCount,
    rejectedCount: items.length - acceptedCount,
    ...(wantsMessages && { messages: await mapInTurns(sent, (each) => answerOf(each, now)) }),
  };
}

type Rejected = { refusal: Refusal; item: JsonObject };
type Sending = {
  given: readonly unknown[];
  ids: { batchId: string; clientBatchId: string | null };
  repeats: Repeats;
};

/** Of what is accepted; a repeat is what was accepted before. */
function clientIdsOf(item: ParsedItem<FirstSent>): (string | null)[] {
  if ("refusal" in item) return [];
  return [("first" in item ? item.first.request : item.message).clientMessageId];
}

/** A message that came before, with another batch or alone, keeps the id that it had there. */
function withIds(
  items: readonly ParsedItem<FirstSent>[],
  { given, ids, repeats }: Sending,
): Promise<(FirstSent | Rejected)[]> {
  let acceptedCount = 0;
  return mapInTurns(items, (item, index) => {
    if ("refusal" in item) return item;
    const messageId = messageIdAt(ids.batchId, acceptedCount++);
    if ("first" in item) return item.first;
    return asFirstSent({ ...item.message, ...ids, messageId }, given[index], repeats);
  });
}

/** What is accepted, with what was said of it; nothing is judged again of what was sent before. */
function placed(
  sent: readonly (FirstSent | Rejected)[],
  items: readonly ParsedItem<FirstSent>[],
): PlacedSend[] {
  return sent.flatMap((each, place) => {
    const item = items[place];
    const warnings = item && "warnings" in item ? item.warnings : [];
    return "request" in each ? [{ request: requestOf(each), warnings, place }] : [];
  });
}

function answerOf(each: FirstSent | Rejected, now: number) {
  return "answer" in each ? each.answer : rejectedAnswer(each, now);
}

type RejectedStatus = {
  state: "rejected";
  errorCode: ErrorCode;
  errorMessage: string;
  timestamp: string;
};

/**
 * Says whose message it was as far as the client said so itself. 8x8's rejected ones have a `umid`
 * too, and generated clients demand it; there is no message of that id.
 */
function rejectedAnswer({ refusal, item }: Rejected, now: number) {
  const clientMessageId = member(item, "clientMessageId");
  const status: RejectedStatus = {
    state: "rejected",
    errorCode: refusal.code,
    errorMessage: refusal.message,
    timestamp: new Date(now).toISOString(),
  };
  return {
    umid: randomUUID(),
    user: namedUser(member(item, "user")),
    ...(typeof clientMessageId === "string" && { clientMessageId: clientMessageId.toWellFormed() }),
    status,
  };
}

function namedUser(user: unknown): JsonObject {
  if (!isObject(user)) return {};
  const names = ["msisdn", ...userIds.map(([name]) => name)];
  const named = names.flatMap((name) => {
    const value = member(user, name);
    return typeof value === "string" ? [[name, value.toWellFormed()]] : [];
  });
  return Object.fromEntries(named);
}
