// Notifications that no endpoint took, and their replay.
import { describe, expect, it, vi } from "vitest";
import { replay, replayAll } from "#libs/webhook-queue/replay.ts";
import {
  ALL_STATES,
  giveUpSoon,
  statesOf,
  untilBuried,
  WITHIN,
  webhookBench,
} from "#test/support/webhook-bench.ts";

const { receiver, notifier, entry } = webhookBench();

describe("a notification that is given up", () => {
  it("becomes a dead letter, and can be replayed", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 500;
    const { tell, queue } = await notifier({ backOff: giveUpSoon });
    await tell(entry(endpoint.url, { count: 2 }));
    const failure = await untilBuried(queue, endpoint.url, "It answered 500.");
    const ids = endpoint.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids.length).toBeGreaterThan(1);
    endpoint.answer = () => 200;
    endpoint.received.length = 0;
    expect(await replay(failure, queue)).toBe(true);
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(["whatsapp sent"]), WITHIN);
    expect(endpoint.received[0]!.headers["webhook-id"]).toBe(ids[0]);
    expect(await queue.dead.find("demo", failure.failureId)).toBeUndefined();
  });

  it("at once by an endpoint that answers 410; the next one of the message is tried", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => (endpoint.received.length === 1 ? 410 : 200);
    const { tell, queue } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
    await untilBuried(queue, endpoint.url, "It answered 410: gone for good.");
  });

  it("is replayed with all the others of its account, in order", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 410;
    const { tell, queue } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(async () => expect(await queue.dead.count("demo")).toBe(3), WITHIN);
    endpoint.answer = () => 200;
    endpoint.received.length = 0;
    expect(await replayAll("demo", queue)).toEqual({ replayedCount: 3, remainingCount: 0 });
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  });
});
