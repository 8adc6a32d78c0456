// After a while away a consumer finds ticks of timers that have fired again since.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { handleTicks } from "#services/timer-tick-consumer/handler.ts";
import { startFlow } from "#test/support/test-flow.ts";

const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, pino({ level: "silent" }));
});
afterAll(() => resources.disposeAsync());

it("drops a tick whose lease is over before it loads anything, and none that still stands for its timer", async () => {
  const loaded: string[] = [];
  const load: Flow["store"]["load"] = (shard, ids) => {
    loaded.push(...ids);
    return flow.store.load(shard, ids);
  };
  const own = { ...flow, store: { ...flow.store, load } };
  const now = Date.now();
  const [over, ending, lent, ofOlder] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const leases = [
    [over, now - 60_000],
    // Its scheduler's clock may be behind by as much.
    [ending, now - 1_000],
    [lent, now + 60_000],
    [ofOlder, null],
  ] as const;
  const records = leases.map(([messageId, leaseEndsAt], index) => ({
    topic: topics.timerTicks.name,
    partition: 0,
    offset: String(index),
    key: messageId,
    value: { messageId, dueAt: 1, firedAt: 1, leaseEndsAt },
    faults: [],
    bytes: Buffer.alloc(0),
    headers: {},
    timestamp: now,
  }));
  await handleTicks(records, own);
  expect(loaded.toSorted()).toEqual([ending, lent, ofOlder].toSorted());
});
