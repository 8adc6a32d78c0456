// A body of many messages, each to many destinations: every one of them is judged by itself.
import { messageIdsOf, newBatchId } from "#libs/dialects/batch-ids.ts";
import type { ReadSend } from "#libs/dialects/dialect.ts";
import { memberPath } from "#libs/dialects/infobip/member-path.ts";
import { type Status, statuses } from "#libs/dialects/infobip/statuses.ts";
import { toldWarning } from "#libs/dialects/told-warning.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { judge } from "#libs/judgement/judge.ts";
import type { Account } from "#libs/settings/account.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { readBody } from "./read-body.ts";
import { statusOfFaults } from "./status-of-faults.ts";
import { toRequest } from "./to-request.ts";

export type SentAnswer = {
  bulkId: string;
  messages: { messageId: string; status: Status; destination: string }[];
};
/** `place`: which message of the answer it is, 0-based. */
type Taken = ReadSend & { place: number };
export type ParsedSend = { taken: Taken[]; answer: SentAnswer };

/**
 * What is to be sent, and Infobip's answer, which says of each destination in order whether it was
 * taken. A message's id is the client's where it gives one. Throws ApiError for a body out of form.
 */
export async function parseSend(
  given: unknown,
  { account, now }: { account: Account; now: number },
): Promise<ParsedSend> {
  const { messages, options } = readBody(given);
  const { bulkId = null, sendAt } = options?.schedule ?? {};
  const all = messages.flatMap((message) =>
    message.destinations.map((destination) => ({ message, destination })),
  );
  const batchId = newBatchId(all.length);
  const ids = messageIdsOf(batchId) ?? [];
  const sending = { accountId: account.accountId, now, batchId, bulkId, sendAt };
  const answer: SentAnswer = { bulkId: bulkId ?? batchId, messages: [] };
  const parsed: ParsedSend = { taken: [], answer };
  const turn = takeTurns();
  for (const [index, { message, destination }] of all.entries()) {
    await turn();
    const made = toRequest(message, { ...destination, id: ids[index] ?? "" }, sending);
    const { request, faults, ...judged } = judge(made, { account, now });
    const rejected = statusOfFaults(faults);
    const warnings = judged.warnings.map((each) =>
      toldWarning(each, { path: memberPath(each.path) }),
    );
    if (!rejected) parsed.taken.push({ request, warnings, place: index });
    answer.messages.push({
      messageId: request.clientMessageId ?? request.messageId,
      status: rejected ?? statuses.accepted,
      destination: destination.to ?? destination.byChannel?.[0]?.to ?? "",
    });
  }
  return parsed;
}

/** The answer where none of what it takes is accepted after all: Infobip says that of each message. */
export function rejectedAnswer(answer: SentAnswer, faults: readonly Fault[]): SentAnswer {
  const rejected = statusOfFaults(faults);
  const messages = answer.messages.map((each) =>
    rejected && each.status === statuses.accepted ? { ...each, status: rejected } : each,
  );
  return { ...answer, messages };
}
