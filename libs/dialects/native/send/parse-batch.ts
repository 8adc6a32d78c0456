// Many messages in one body. Each is judged by itself: what is wrong with one spoils no other.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { BODY_BYTES_MAX } from "#libs/contracts/limits.ts";
import { BATCH_COUNT_MAX, messageIdsOf } from "#libs/dialects/batch-ids.ts";
import { Problem, type ProblemFault, refusedAs } from "#libs/dialects/native/problem.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseGiven } from "#libs/json/parse-given.ts";
import { sameNumberFinder } from "#libs/judgement/same-number.ts";
import type { Account } from "#libs/settings/account.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { BatchHead } from "./body.ts";
import { parseSend, repeatSend, toWarning, type Warning } from "./parse-send.ts";
import type { SendContext } from "./to-request.ts";
import { withTemplate } from "./with-template.ts";

/** What a batch may come to once its template stands in every message: they are all held at once. */
const MERGED_BYTES_MAX = 64 * 1024 * 1024;

export type GivenBatch = {
  head: BatchHead;
  messages: readonly unknown[];
  /** All that was given, in parts of a size that can be handled at once. */
  parts: readonly unknown[];
};
type Told = { clientMessageId?: string | undefined };
type ItemProblem = { code: string; detail: string; faults?: readonly ProblemFault[] };
export type ItemAnswer = Told &
  ({ messageId: string; warnings?: Warning[] } | { problem: ItemProblem });
export type ParsedBatch = { batchId: string; requests: SendRequest[]; answers: ItemAnswer[] };

type BatchContext = { batchId: string; account: Account; now: number };

/** Throws ShapeError or Problem `invalid` for a body that is no batch, or whose template is none. */
export function parseBatch(given: unknown): GivenBatch {
  const { messages, ...rest } = isObject(given) ? given : {};
  // Before its schema: to tell thousands of faults takes seconds.
  if (byteLengthOf(rest) > BODY_BYTES_MAX) {
    throw new Problem("invalid", "Without its messages the batch is larger than 256 KiB.");
  }
  const head = parseGiven(BatchHead, isObject(given) ? rest : given);
  if (Array.isArray(messages) && messages.length > 0 && messages.length <= BATCH_COUNT_MAX) {
    return { head, messages, parts: [rest, ...messages] };
  }
  throw new Problem("invalid", `/messages must be an array of 1 to ${BATCH_COUNT_MAX} messages.`);
}

/**
 * The requests of a batch's messages and what is answered for each, in order. A message's id follows
 * from its place, so that the same body leads to the same ids whatever else has changed.
 */
export async function parseMessages(
  { head, messages }: GivenBatch,
  { batchId, account, now }: BatchContext,
): Promise<ParsedBatch> {
  const ids = messageIdsOf(batchId) ?? [];
  const batch = { batchId, clientBatchId: head.clientBatchId ?? null };
  const state = { clientIds: new Set<string>(), byteCount: 0, findSame: sameNumberFinder() };
  const parsed: ParsedBatch = { batchId, requests: [], answers: [] };
  const turn = takeTurns();
  for (const [index, message] of messages.entries()) {
    await turn();
    const context = { account, messageId: ids[index] ?? "", now, batch };
    addMessage(parsed, withTemplate(message, head.template), { context, state });
  }
  return parsed;
}

/** The requests of those messages that were accepted before: nothing is judged again. */
export async function repeatMessages(
  { head, messages }: GivenBatch,
  { batchId, account, now }: BatchContext,
  answers: readonly { messageId?: string }[],
): Promise<SendRequest[]> {
  const batch = { batchId, clientBatchId: head.clientBatchId ?? null };
  const requests: SendRequest[] = [];
  const turn = takeTurns();
  for (const [index, message] of messages.entries()) {
    const messageId = answers[index]?.messageId;
    if (messageId === undefined) continue;
    await turn();
    const context = { account, messageId, now, batch };
    requests.push(repeatSend(withTemplate(message, head.template), context));
  }
  return requests;
}

type Progress = {
  clientIds: Set<string>;
  byteCount: number;
  findSame: ReturnType<typeof sameNumberFinder>;
};
type Adding = { context: SendContext; state: Progress };

function addMessage(parsed: ParsedBatch, given: unknown, { context, state }: Adding): void {
  const clientMessageId = clientIdOf(given);
  try {
    checkSize(given, state);
    const { request, warnings: own } = parseSend(given, context);
    checkTwin(clientMessageId, state);
    const same = state.findSame(request.recipient, parsed.answers.length);
    const warnings = same ? [...own, toWarning(same)] : own;
    parsed.requests.push(request);
    const told = warnings.length > 0 ? { warnings } : {};
    parsed.answers.push({ messageId: context.messageId, clientMessageId, ...told });
  } catch (error) {
    const problem = refusedAs(error);
    if (!problem || problem.status === 413) throw error;
    const { code, message: detail, faults } = problem;
    const told = faults.length > 0 ? { faults } : {};
    parsed.answers.push({ clientMessageId, problem: { code, detail, ...told } });
  }
}

function checkSize(given: unknown, state: Progress): void {
  const byteCount = byteLengthOf(given);
  state.byteCount += byteCount;
  if (state.byteCount > MERGED_BYTES_MAX) {
    const detail = "With its template in every message the batch is larger than 64 MiB: split it.";
    throw new Problem("bad-request", detail, { status: 413 });
  }
  if (byteCount <= BODY_BYTES_MAX) return;
  throw new Problem("invalid", "With its template the message is larger than 256 KiB.");
}

function byteLengthOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** A second message of the same client id in one batch is a slip of its sender's. */
function checkTwin(clientMessageId: string | undefined, { clientIds }: Progress): void {
  if (clientMessageId === undefined) return;
  if (clientIds.has(clientMessageId)) {
    const detail = "An earlier message of this batch has the same clientMessageId.";
    throw new Problem("duplicate-client-message-id", detail);
  }
  clientIds.add(clientMessageId);
}

function clientIdOf(given: unknown): string | undefined {
  const id = isObject(given) ? given["clientMessageId"] : undefined;
  return typeof id === "string" ? id : undefined;
}
