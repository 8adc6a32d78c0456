// Requests under an id that another message has. Ids are chosen by whoever writes to Kafka: another
// account's request must end with an outcome of its own and leave the message alone, and the same
// account's with another body is told, because nothing of it will be sent.
import { isDeepStrictEqual } from "node:util";
import type { MessageOutcomeInit, SendRequest } from "#libs/contracts/generated/types.ts";
import { readStored } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import type { LoadedShard, StoredMessage } from "#libs/flow-store/ports.ts";
import type { FaultCode } from "#libs/judgement/fault.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { MessageInput } from "./message-input.ts";
import { observeRefusal, takenIdCount } from "./metrics.ts";
import { tracing } from "./tracing.ts";
import { ownEntry } from "./transition.ts";

type Requested = Extract<MessageInput, { type: "SendRequest" }>;
type InputsOf = ReadonlyMap<string, readonly MessageInput[]>;
export type TakenId = { by: "another-account" | "another-body"; requested: Requested };

const CODE: FaultCode = "message-id-taken";

/**
 * The requests among the inputs whose id is taken. A request that comes again, also at another
 * instant, is the same one and none of them. Throws RetriableError without a registry.
 */
export async function findTakenIds(
  { messages }: LoadedShard,
  inputs: InputsOf,
  contracts: Pick<Contracts, "journalEntry" | "journalRescue" | "sendRequest">,
): Promise<TakenId[]> {
  // Most requests are the first of their id: nothing is read for them.
  const repeated = messages.filter(
    ({ messageId, state }) => requestsOf(messageId, inputs).length > (state ? 0 : 1),
  );
  const read = await readStored(repeated, ({ state }) => state, contracts);
  const found = read.map(async ({ item, entry, fault }) =>
    // Whoever moves the message tells that its state cannot be read.
    fault && !entry ? [] : takenOf(item, { stored: entry, inputs }, contracts),
  );
  return (await Promise.all(found)).flat();
}

type Known = { stored: Parameters<typeof ownEntry>[1]; inputs: InputsOf };

async function takenOf(
  { messageId }: StoredMessage,
  { stored, inputs }: Known,
  { sendRequest }: Pick<Contracts, "sendRequest">,
): Promise<TakenId[]> {
  const requests = requestsOf(messageId, inputs);
  const { accountId, request } = ownEntry(messageId, stored, requests);
  const own = requests.filter((requested) => requested.accountId === accountId);
  const strangers = requests.filter((requested) => requested.accountId !== accountId);
  const kept = request ?? own[0]?.bytes;
  const others = own.filter(({ bytes }) => !kept?.equals(bytes));
  const [first] = others.length > 0 && kept ? await sendRequest.read([kept]) : [];
  const differing =
    first && !(first instanceof PoisonRecordError)
      ? others.filter((each) => !isSame(each.request, first.value))
      : [];
  return [
    ...strangers.map((requested): TakenId => ({ by: "another-account", requested })),
    ...differing.map((requested): TakenId => ({ by: "another-body", requested })),
  ];
}

function requestsOf(messageId: string, inputs: InputsOf): Requested[] {
  return (inputs.get(messageId) ?? []).filter((input) => input.type === "SendRequest");
}

/** Senders that try again write the instant of the new try. */
function isSame(one: SendRequest, other: SendRequest): boolean {
  return isDeepStrictEqual({ ...one, requestedAt: 0 }, { ...other, requestedAt: 0 });
}

type Telling = {
  producer: Pick<Producer, "publish">;
  contracts: Pick<Contracts, "messageOutcome">;
  log: Log;
};

/** Ends other accounts' requests as rejected, and tells of all. Throws RetriableError without Kafka. */
export async function tellTakenIds(taken: readonly TakenId[], flow: Telling): Promise<void> {
  if (taken.length === 0) return;
  const rejected = taken.filter(({ by }) => by === "another-account");
  await flow.producer.publish(rejected.map(({ requested }) => rejection(requested, flow)));
  for (const { by, requested } of taken) {
    const { messageId, accountId } = requested;
    flow.log.warn({ messageId, accountId, by }, "a request has an id that is taken");
    takenIdCount.inc({ by });
    if (by === "another-account") observeRefusal();
  }
}

/**
 * There is no state of it, so it is made of the request alone: however often the record comes, the
 * outcome is byte for byte the same.
 */
function rejection(
  { messageId, accountId, request, traceparent }: Requested,
  { contracts }: Telling,
): OutgoingRecord {
  const { flowId, purpose, clientMessageId, requestedAt } = request;
  const outcome: MessageOutcomeInit = {
    messageId,
    accountId,
    revision: 1,
    outcome: "REJECTED",
    code: CODE,
    faults: [{ code: CODE, path: "/messageId", words: "is another account's message's" }],
    attempts: [],
    flowId,
    purpose,
    clientMessageId,
    requestedAt,
    decidedAt: requestedAt,
  };
  const value = contracts.messageOutcome.encode(outcome);
  return { topic: topics.messageOutcomes.name, key: messageId, value, ...tracing(traceparent) };
}
