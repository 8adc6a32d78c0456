// Delivery on a real Redis to real endpoints on loopback.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { callbackSecrets } from "#libs/webhooks/webhook-secrets.ts";
import { secretsKeys, testSettings, webhook } from "#test/support/notifier.ts";
import {
  ALL_STATES,
  giveUpSoon,
  statesOf,
  untilBuried,
  WITHIN,
  webhookBench,
} from "#test/support/webhook-bench.ts";

const { receiver, notifier, end, restartRedis, entry } = webhookBench();

describe("a message's own callback URL", () => {
  it("gets every status in order, signed with the account's secret", async () => {
    const endpoint = await receiver();
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
    const verifier = new Webhook(callbackSecrets({ secretsKeys, accountId: "demo" })[0]);
    for (const { body, headers } of endpoint.received) {
      const signed = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      expect(verifier.verify(body, Object.fromEntries(signed))).toMatchObject({ version: 9 });
    }
  });

  it("takes the place of the account's webhooks", async () => {
    const [own, hooked] = [await receiver(), await receiver()];
    const { setting } = webhook("h1", { url: hooked.url });
    const { tell } = await notifier({ settings: testSettings(setting) });
    await tell(entry(own.url), entry(null));
    await vi.waitFor(() => expect(hooked.received).toHaveLength(6), WITHIN);
    await vi.waitFor(() => expect(statesOf(own)).toEqual(ALL_STATES), WITHIN);
    expect(hooked.received.map(({ body }) => JSON.parse(body).type)).toEqual([
      "message.attempt-started",
      "message.status",
      "message.status",
      "message.attempt-started",
      "message.status",
      "message.ended",
    ]);
  });
});

describe("a journal entry", () => {
  it("tells nothing twice when it comes again, late, or together with a later one", async () => {
    const endpoint = await receiver();
    const { tell } = await notifier();
    const messageId = randomUUID();
    const at = (count: number) => entry(endpoint.url, { count, messageId });
    await tell(at(2));
    await tell(at(2));
    await tell(at(4));
    await tell(at(3), at(1));
    await tell(at(4));
    const marker = entry(endpoint.url, { count: 2 });
    await tell(marker);
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(4), WITHIN);
    const own = endpoint.received.filter(({ body }) => body.includes(messageId));
    expect(own.map(({ body }) => JSON.parse(body).payload.status.state)).toEqual([
      "sent",
      "undelivered",
      "delivered",
    ]);
  });

  it("of before a webhook's registration is not told to it", async () => {
    const endpoint = await receiver();
    const createdAt = new Date(Date.now() + 60_000).toISOString();
    const { setting } = webhook("young", { url: endpoint.url, createdAt });
    const { tell, queue } = await notifier({ settings: testSettings(setting) });
    await tell(entry(null));
    expect((await queue.backlog()).messageCount).toBe(0);
    expect(endpoint.received).toEqual([]);
  });
});

describe("an endpoint that fails", () => {
  it("gets the same notification again, under the same id, before the message's next", async () => {
    const endpoint = await receiver();
    let failures = 3;
    endpoint.answer = () => (failures-- > 0 ? 500 : 204);
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    const expected = [...Array<string>(3).fill(ALL_STATES[0]!), ...ALL_STATES];
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(expected), WITHIN);
    const ids = endpoint.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(new Set(ids).size).toBe(3);
  });

  it("has as long as its dialect gives it, and is told again where it takes longer", async () => {
    const endpoint = await receiver();
    const { setting } = webhook("alibaba", { url: endpoint.url, format: "alibaba" });
    // The first takes twice the 3 s of Alibaba's, each other one a third.
    endpoint.answer = () => {
      const ms = endpoint.received.length === 1 ? 6_000 : 1_000;
      return (response) => void setTimeout(() => response.writeHead(200).end(), ms);
    };
    const { tell } = await notifier({ settings: testSettings(setting), timeoutMs: 60_000 });
    await tell(entry(null));
    const statuses = () => endpoint.received.map(({ body }) => JSON.parse(body)[0].Status);
    const expected = ["Sent", "Sent", "Failed", "Delivered"];
    await vi.waitFor(() => expect(statuses()).toEqual(expected), { ...WITHIN, timeout: 30_000 });
  });

  it("holds up its own message only, not another one of the same endpoint", async () => {
    const endpoint = await receiver();
    const [stuck, free] = [randomUUID(), randomUUID()];
    endpoint.answer = ({ body }) => (body.includes(stuck) ? 503 : 200);
    const { tell } = await notifier();
    await tell(entry(endpoint.url, { messageId: stuck }));
    await tell(entry(endpoint.url, { messageId: free }));
    const ofFree = () => endpoint.received.filter(({ body }) => body.includes(free));
    await vi.waitFor(() => expect(ofFree()).toHaveLength(3), WITHIN);
    const ofStuck = endpoint.received.filter(({ body }) => body.includes(stuck));
    expect(new Set(ofStuck.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  it("that never answers delays no other endpoint", async () => {
    const [dead, alive] = [await receiver(), await receiver()];
    dead.answer = () => () => undefined;
    const { tell } = await notifier({ timeoutMs: 60_000 });
    await tell(...Array.from({ length: 60 }, () => entry(dead.url)));
    await vi.waitFor(() => expect(dead.received).toHaveLength(32), WITHIN);
    await tell(entry(alive.url));
    await vi.waitFor(() => expect(alive.received).toHaveLength(3), WITHIN);
    // Nobody's end has made the room.
    expect(dead.received).toHaveLength(32);
    await dead[Symbol.asyncDispose]();
  });

  it("that redirects is not followed", async () => {
    const [first, second] = [await receiver(), await receiver()];
    first.answer = () => (response) => {
      response.writeHead(302, { location: second.url }).end();
    };
    const { tell, queue } = await notifier({ backOff: giveUpSoon });
    await tell(entry(first.url, { count: 2 }));
    const reason = "It answered 302; redirects are not followed.";
    await untilBuried(queue, first.url, reason);
    expect(second.received).toEqual([]);
  });

  it("that answers without end counts by its status", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => (response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1);
      response.on("close", () => clearInterval(flood));
    };
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  });
});

it("goes on in another process after the one that had it ended", async () => {
  const endpoint = await receiver();
  endpoint.answer = () => 500;
  const slow = { delaysMs: [1_000], delayMaxMs: 1_000, giveUpAfterMs: 60_000 };
  const first = await notifier({ backOff: slow });
  await first.tell(entry(endpoint.url));
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WITHIN);
  await end(first);
  await restartRedis();
  endpoint.answer = () => 200;
  await notifier();
  const expected = [ALL_STATES[0], ...ALL_STATES];
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(expected), WITHIN);
});

it("tells what Redis had not written when it ended", async () => {
  const endpoint = await receiver();
  endpoint.answer = () => 500;
  const { tell } = await notifier();
  await tell(entry(endpoint.url));
  await vi.waitFor(() => expect(endpoint.received).not.toEqual([]), WITHIN);
  await restartRedis({ isEmpty: true });
  endpoint.received.length = 0;
  endpoint.answer = () => 200;
  // The queue may have been closed still when Redis was there again: the next record brings it along.
  await vi.waitFor(() => tell(entry(null)), WITHIN);
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
});

it("does not let an account wait for another one's endpoint of the same origin", async () => {
  const endpoint = await receiver();
  endpoint.answer = ({ path }) => (path === "/hook/slow" ? () => undefined : 200);
  const { tell } = await notifier({ timeoutMs: 60_000 });
  const slow = Array.from({ length: 60 }, () => entry(`${endpoint.url}/slow`));
  await tell(...slow);
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(32), WITHIN);
  await tell(entry(`${endpoint.url}/quick`, { accountId: "other" }));
  const quick = () => endpoint.received.filter(({ path }) => path === "/hook/quick");
  await vi.waitFor(() => expect(quick()).toHaveLength(3), WITHIN);
  // Nobody's end has made the room.
  expect(endpoint.received).toHaveLength(32 + 3);
  await endpoint[Symbol.asyncDispose]();
});
