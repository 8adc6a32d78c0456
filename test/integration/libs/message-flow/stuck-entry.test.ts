// An entry of the outbox that a bug keeps there costs the repeats of its own messages, and nobody else's.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import type { Sendable } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { startFlow } from "#test/support/test-flow.ts";

const SHARD = 3;
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, pino({ level: "silent" }));
});
afterAll(() => resources.disposeAsync());

function newId(): string {
  for (;;) {
    const id = randomUUID();
    if (flow.store.shardOf(id) === SHARD) return id;
  }
}

function requestOf(messageId: string): MessageInput {
  const accountId = "demo";
  const request = storedRequest({ messageId, accountId, requestedAt: Date.now() });
  const bytes = flow.contracts.sendRequest.encode(request);
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent: "" };
}

/** A flow that fails to publish records of some keys, and the keys that it has published. */
function failing(isOdd: (key: string) => boolean, fault: Error) {
  const keys: string[] = [];
  const producer = {
    async publish(records: readonly Sendable[]) {
      if (records.some(({ key }) => isOdd(String(key)))) throw fault;
      await flow.producer.publish(records);
      keys.push(...records.map(({ key }) => String(key)));
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const own: Flow = { ...flow, producer };
  return { own, keys };
}

const entryCount = async (minAgeMs: number) =>
  (await flow.store.readOutbox(SHARD, { countMax: 16, minAgeMs })).entries.length;

it("gives up the repeat alone whose message has an entry that nobody can publish", async () => {
  const [hopeless, good] = [newId(), newId()];
  const away = failing(() => true, new RetriableError("Kafka is away"));
  await expect(advance([requestOf(hopeless)], away.own)).rejects.toThrow("away");
  await expect.poll(() => entryCount(5_000), { timeout: 30_000 }).toBe(1);
  const { own, keys } = failing((key) => key === hopeless, new Error("refused"));
  const repeating = advance([requestOf(hopeless), requestOf(good)], own);
  await expect(repeating).rejects.toMatchObject({ name: "StageError", stage: "publish" });
  expect(keys).toContain(good);
  // It stays for a version that can publish it.
  expect(await entryCount(0)).toBe(1);
  expect(await drainAbandoned(SHARD, flow)).toBe(1);
  await advance([requestOf(hopeless)], flow);
});
