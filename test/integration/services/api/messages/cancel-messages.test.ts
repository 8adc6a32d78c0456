// Cancelling on a real broker, registry and Redis. The consumers' part is played here by what they
// do, `advance`, when the test says so: whatever the order in which things arrive can be had.
import { randomUUID } from "node:crypto";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { type CancelMessages, messageCanceller } from "#services/api/messages/cancel-messages.ts";
import { messagesFinder } from "#services/api/messages/find-messages.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { followTopic, type TopicFollower } from "#test/support/follow-topic.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { brokers, startFlow } from "#test/support/test-flow.ts";

const HOUR_MS = 3_600_000;
const log = createLog("api", "error");
const resources = new AsyncDisposableStack();
const account = demoView().findAccount("demo");
assert(account);
const cancellation = { account, reason: "changed my mind", headers: { traceparent: "t" } };

let flow: ConnectedFlow;
let cancelRequests: TopicFollower;
let cancel: CancelMessages;
const published: { key: string | Buffer | null }[] = [];

beforeAll(async () => {
  flow = await startFlow(resources, log);
  cancelRequests = resources.use(await followTopic(brokers, "cancel-requests"));
  const { store, contracts } = flow;
  const producer: Producer = {
    ...flow.producer,
    async publish(records) {
      await flow.producer.publish(records);
      published.push(...records);
    },
  };
  cancel = messageCanceller(producer, contracts.cancelRequest, messagesFinder(store, contracts));
});

afterAll(() => resources.disposeAsync());

/** A message for later, as its consumer takes it. */
function requested(messageId: string, accountId = "demo"): MessageInput {
  const now = Date.now();
  const request = storedRequest({
    messageId,
    accountId,
    requestedAt: now,
    scheduledAt: now + HOUR_MS,
  });
  const bytes = flow.contracts.sendRequest.encode(request);
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent: "" };
}

async function accepted(): Promise<string> {
  const messageId = randomUUID();
  await advance([requested(messageId)], flow);
  return messageId;
}

/** The cancel as it lies on the topic, handed to its message. */
async function consumeCancel(messageId: string) {
  const { value } = await cancelRequests.next(({ key }) => key === messageId);
  const request = decodeOwn("cancel-request", value);
  const { accountId } = request;
  await advance([{ type: "Cancel", messageId, accountId, cancel: request }], flow);
  return request;
}

function outcomes(found: Awaited<ReturnType<CancelMessages>>) {
  const told = found.map(({ entry, wasOpen }) => {
    const { messageId, state } = entry;
    return [messageId, { outcome: state.outcome, wasOpen }] as const;
  });
  return Object.fromEntries(told);
}

const isNow = { outcome: "CANCELED", wasOpen: true };
const wasBefore = { outcome: "CANCELED", wasOpen: false };

describe("a cancel", () => {
  it("ends a scheduled message, and says so once it has", async () => {
    const messageId = await accepted();
    const cancelling = cancel([messageId], cancellation);
    expect(await consumeCancel(messageId)).toMatchObject({
      messageId,
      accountId: "demo",
      reason: "changed my mind",
    });
    expect(outcomes(await cancelling)).toEqual({ [messageId]: isNow });
  });

  it("does nothing to a message that has ended, and does not trouble Kafka with it", async () => {
    const messageId = await accepted();
    const cancelling = cancel([messageId], cancellation);
    await consumeCancel(messageId);
    await cancelling;
    expect(outcomes(await cancel([messageId], cancellation))).toEqual({ [messageId]: wasBefore });
    expect(published.filter(({ key }) => key === messageId)).toHaveLength(1);
  });

  it("waits for a message that was accepted a moment ago", async () => {
    const messageId = randomUUID();
    const cancelling = cancel([messageId], cancellation);
    await advance([requested(messageId)], flow);
    await consumeCancel(messageId);
    expect(outcomes(await cancelling)).toEqual({ [messageId]: isNow });
  });

  it("knows nothing of ids that are unknown or another account's", async () => {
    const [unknown, foreign] = [randomUUID(), randomUUID()];
    await advance([requested(foreign, "acme")], flow);
    expect(await cancel([unknown, foreign], cancellation)).toEqual([]);
    expect(await cancel([], cancellation)).toEqual([]);
    expect(published.filter(({ key }) => key === unknown || key === foreign)).toEqual([]);
  });

  it("gives up after 8 s while nobody decides, and can be asked again", async () => {
    const messageId = await accepted();
    await expect(cancel([messageId], cancellation)).rejects.toThrow(RetriableError);
    await consumeCancel(messageId);
    expect(outcomes(await cancel([messageId], cancellation))).toEqual({ [messageId]: wasBefore });
  });
});

describe("a cancel of many", () => {
  it("tells those that it ended from those that had ended before", async () => {
    const [first, second] = [await accepted(), await accepted()];
    const firstCancelling = cancel([first], cancellation);
    await consumeCancel(first);
    await firstCancelling;
    const cancelling = cancel([first, second], cancellation);
    await consumeCancel(second);
    expect(outcomes(await cancelling)).toEqual({ [first]: wasBefore, [second]: isNow });
  });

  it("ends also those that arrive after it", async () => {
    const early = await accepted();
    const late = randomUUID();
    const cancelling = cancel([early, late], cancellation);
    await consumeCancel(early);
    // The cancel overtakes the request.
    await consumeCancel(late);
    await advance([requested(late)], flow);
    expect(outcomes(await cancelling)).toEqual({ [early]: isNow, [late]: isNow });
  });

  it("does without those that never come", async () => {
    const messageId = await accepted();
    const cancelling = cancel([messageId, randomUUID()], cancellation);
    await consumeCancel(messageId);
    expect(outcomes(await cancelling)).toEqual({ [messageId]: isNow });
  });
});
