// Ids are chosen by whoever writes to Kafka: two accounts, or one twice, may choose the same.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import type { Sendable } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { registry } from "#libs/telemetry/metrics.ts";
import { requestToInput } from "#services/send-request-consumer/handler.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { startFlow } from "#test/support/test-flow.ts";

const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, createLog("message-flow", "silent"));
});

afterAll(() => resources.disposeAsync());

function requested(given: Partial<SendRequest>): MessageInput {
  const request = storedRequest({ requestedAt: Date.now(), ...given });
  const { messageId, accountId } = request;
  const bytes = flow.contracts.sendRequest.encode(request);
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent };
}

/** As the consumer takes what it reads. */
function outOfBounds(given: Partial<SendRequest>): MessageInput {
  const { sendRequest: codec } = flow.contracts;
  const bytes = codec.encode(storedRequest({ requestedAt: Date.now(), ...given }));
  const read = withinBounds("send-request", decodeOwn("send-request", bytes), bytes.length);
  if (read instanceof PoisonRecordError) throw read;
  const place = { topic: "", partition: 0, offset: "0", key: null, headers: {}, timestamp: 0 };
  return requestToInput({ ...place, ...read, bytes }, { codec, settings: flow.settings });
}

/** A flow that keeps the outcomes that it publishes. */
function watched() {
  const outcomes: Buffer[] = [];
  const own: Flow = {
    ...flow,
    producer: {
      async publish(records: readonly Sendable[]) {
        await flow.producer.publish(records);
        const told = records.filter(({ topic }) => topic === "message-outcomes");
        outcomes.push(...told.flatMap(({ value }) => value ?? []));
      },
      [Symbol.asyncDispose]: async () => undefined,
    },
  };
  return {
    own,
    outcomes,
    read: () => outcomes.map((bytes) => decodeOwn("message-outcome", bytes)),
  };
}

async function stored(messageId: string) {
  const loaded = await flow.store.load(flow.store.shardOf(messageId), [messageId]);
  const bytes = loaded.messages[0]?.state;
  return bytes ? decodeOwn("journal-entry", bytes) : null;
}

async function counted(by: string): Promise<number> {
  const metric = await registry.getSingleMetric("fallthrough_taken_ids_total")?.get();
  return metric?.values.find(({ labels }) => labels["by"] === by)?.value ?? 0;
}

const rejected = (messageId: string) => ({
  messageId,
  accountId: "other",
  outcome: "REJECTED",
  code: "message-id-taken",
  faults: [{ code: "message-id-taken", path: "/messageId", words: expect.any(String) }],
  revision: 1,
  attempts: [],
});

it("ends another account's request under a taken id as rejected, and leaves the message alone", async () => {
  const messageId = randomUUID();
  const { own, read } = watched();
  const before = await counted("another-account");
  await advance([requested({ messageId })], own);
  const kept = await stored(messageId);
  await advance([requested({ messageId, accountId: "other", clientMessageId: "theirs" })], own);
  expect(read()).toMatchObject([{ ...rejected(messageId), clientMessageId: "theirs" }]);
  expect(await stored(messageId)).toEqual(kept);
  expect(await counted("another-account")).toBe(before + 1);
});

it("gives the later of two accounts in one chunk its outcome, byte for byte the same each time", async () => {
  const messageId = randomUUID();
  const { own, outcomes, read } = watched();
  const both = [requested({ messageId }), requested({ messageId, accountId: "other" })];
  await advance(both, own);
  await advance(both, own);
  expect(read()).toMatchObject([rejected(messageId), rejected(messageId)]);
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(await stored(messageId)).toMatchObject({ accountId: "demo", state: { phase: "RUNNING" } });
});

it("counts another body under one id, and no request that only comes again", async () => {
  const messageId = randomUUID();
  const { own, outcomes } = watched();
  const before = await counted("another-body");
  const first = requested({ messageId });
  await advance([first, first], own);
  await advance([first, requested({ messageId, requestedAt: Date.now() + 1 })], own);
  expect(await counted("another-body")).toBe(before);
  await advance([requested({ messageId, clientMessageId: "another" })], own);
  expect(await counted("another-body")).toBe(before + 1);
  expect(outcomes).toEqual([]);
});

it("counts another body that is out of bounds, and not one that only comes again", async () => {
  const messageId = randomUUID();
  const { own, outcomes, read } = watched();
  const before = await counted("another-body");
  const long = { ...storedRequest().content, text: "x".repeat(35_001) };
  await advance([requested({ messageId })], own);
  await advance([outOfBounds({ messageId, content: long })], own);
  expect(await counted("another-body")).toBe(before + 1);
  expect(outcomes).toEqual([]);

  const refused = outOfBounds({ messageId: randomUUID(), content: long });
  await advance([refused, refused], own);
  await advance([refused], own);
  expect(read()).toMatchObject([{ outcome: "REJECTED", code: "too-long" }]);
  expect(await counted("another-body")).toBe(before + 1);
});

it("keeps an id that only a foreign cancel came for free for whoever requests it", async () => {
  const messageId = randomUUID();
  const { own, read } = watched();
  const cancel = { messageId, accountId: "other", reason: null, requestedAt: 0 };
  await advance([{ type: "Cancel", messageId, accountId: "other", cancel }], own);
  await advance([requested({ messageId }), requested({ messageId, accountId: "other" })], own);
  expect(read()).toMatchObject([rejected(messageId)]);
  expect(await stored(messageId)).toMatchObject({ accountId: "demo" });
});
