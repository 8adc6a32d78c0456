// Where notifications go, and where they may not.
import type { ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { fault } from "#libs/judgement/fault.ts";
import { settingKey } from "#libs/settings/setting.ts";
import { registry } from "#libs/telemetry/metrics.ts";
import { flightKey, hookLane } from "#libs/webhook-queue/keys.ts";
import { nearCapTeller } from "#services/send-request-consumer/near-caps.ts";
import { testSettings, webhook } from "#test/support/notifier.ts";
import {
  ALL_STATES,
  statesOf,
  untilBuried,
  WITHIN,
  webhookBench,
} from "#test/support/webhook-bench.ts";

const { receiver, notifier, entry, spoil } = webhookBench();

describe("an address inside our walls", () => {
  it.each(["http://127.0.0.1", "http://localhost", "http://[::1]", "http://2130706433"])(
    "is not connected to: %s",
    async (origin) => {
      const endpoint = await receiver();
      const url = `${origin}:${new URL(endpoint.url).port}/hook`;
      const { tell, queue } = await notifier({ allowPrivate: false });
      await tell(entry(url, { count: 2 }));
      await untilBuried(queue, url, /public address/);
      expect(endpoint.received).toEqual([]);
    },
  );
});

describe("a port of the product's own", () => {
  it.each(["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]"])(
    "is told nothing and given up at once, also where private addresses are allowed: %s",
    async (host) => {
      const own = await receiver();
      const { port } = new URL(own.url);
      const url = `http://${host}:${port}/hook`;
      const ownPorts = new Set([Number(port)]);
      const { tell, queue } = await notifier({ allowPrivate: true, ownPorts });
      await tell(entry(url, { count: 2 }));
      await untilBuried(queue, url, /Fallthrough's own/);
      expect(own.received).toEqual([]);
    },
  );
});

it("waits as long as an endpoint asks that is busy", async () => {
  const endpoint = await receiver();
  const answers = [() => 200, () => busyFor("1"), () => busyFor(inThreeSeconds())];
  endpoint.answer = () => (answers.pop() ?? (() => 200))();
  const soon = { delaysMs: [10], delayMaxMs: 60_000, giveUpAfterMs: 60_000 };
  const { tell } = await notifier({ backOff: soon });
  await tell(entry(endpoint.url, { count: 2 }));
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(3), WITHIN);
  const [first, second, third] = endpoint.received.map(({ at }) => at);
  expect(second! - first!).toBeGreaterThan(900);
  expect(third! - second!).toBeGreaterThanOrEqual(1_000);
});

const inThreeSeconds = () => new Date(Date.now() + 3_000).toUTCString();

function busyFor(retryAfter: string) {
  return (response: ServerResponse) =>
    void response.writeHead(503, { "retry-after": retryAfter }).end();
}

it("gives up a URL that no request can have at once", async () => {
  const url = "mailto:someone@example.com";
  const { tell, queue } = await notifier();
  await tell(entry(url, { count: 2 }));
  expect((await untilBuried(queue, url, /UND_ERR_INVALID_ARG/)).note).toMatchObject({ url });
});

describe("a webhook", () => {
  it("is called with its authorization, where it leads when it is its turn", async () => {
    const [old, fresh] = [await receiver(), await receiver()];
    old.answer = () => 500;
    const { setting, secret } = webhook("moving", { url: old.url, format: "8x8" });
    const settings = testSettings(setting);
    const { tell } = await notifier({ settings });
    await tell(entry(null));
    await vi.waitFor(() => expect(old.received.length).toBeGreaterThan(0), WITHIN);
    if (setting.kind === "webhook") {
      settings.put({ ...setting, body: { ...setting.body, url: fresh.url } });
    }
    await vi.waitFor(() => expect(statesOf(fresh)).toEqual(ALL_STATES), WITHIN);
    const { body, headers } = fresh.received[0]!;
    const signed = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    expect(() => new Webhook(secret).verify(body, Object.fromEntries(signed))).not.toThrow();
  });

  it("is told by a notifier that hears of it later than the one that queued it", async () => {
    const endpoint = await receiver();
    const { setting } = webhook("brand-new", { url: endpoint.url });
    const store = testSettings();
    const findAccount = (accountId: string) => {
      const found = store.findAccount(accountId);
      store.put(setting);
      return found;
    };
    const { queue } = await notifier({ settings: { ...store, findAccount } });
    const told = { id: "n-1", messageId: "m-1", hook: "brand-new", url: null, body: "{}" };
    const note = { ...told, type: "message.ended", queuedAt: Date.now() };
    await queue.enqueue({ lane: hookLane("demo", "brand-new"), messageId: "m-1", notes: [note] });
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WITHIN);
    expect(await queue.dead.count("demo")).toBe(0);
  });

  it("is told although what another endpoint's lane has in Redis cannot be read", async () => {
    const endpoint = await receiver();
    const { setting } = webhook("sound", { url: endpoint.url });
    await spoil(flightKey(hookLane("demo", "spoilt")));
    const { queue } = await notifier({ settings: testSettings(setting) });
    for (const hook of ["spoilt", "sound"]) {
      const told = { id: `n-${hook}`, messageId: "m-1", hook, url: null, body: "{}" };
      const note = { ...told, type: "message.ended", queuedAt: Date.now() };
      await queue.enqueue({ lane: hookLane("demo", hook), messageId: "m-1", notes: [note] });
    }
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WITHIN);
  });

  it("is told of a cap that is nearly used once a day, by whichever process comes first", async () => {
    const [endpoint, vendors] = [await receiver(), await receiver()];
    const { setting, secret } = webhook("of-caps", { url: endpoint.url });
    const other = webhook("of-8x8", { url: vendors.url, format: "8x8" });
    const settings = testSettings(setting, other.setting);
    const { queue } = await notifier({ settings });
    const account = settings.findAccount("demo")!;
    const near = [fault("messages-cap-reached", "", "makes it 9 of the day's 10 messages")];
    const at = Date.UTC(2026, 10, 29, 12);
    const tellers = [nearCapTeller(queue), nearCapTeller(queue)];
    for (const day of [at, at + 24 * 3_600_000]) {
      for (const tell of [...tellers, ...tellers]) {
        await tell({ account, near, messageId: "m-9", at: day });
      }
    }
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(2), WITHIN);
    const bodies = endpoint.received.map(({ body }) => JSON.parse(body));
    expect(new Set(bodies.map(({ data }) => data.day))).toEqual(
      new Set(["2026-11-29", "2026-11-30"]),
    );
    const { headers, body } = endpoint.received[0]!;
    expect(JSON.parse(body)).toMatchObject({
      type: "account.cap-near",
      id: headers["webhook-id"],
      data: { accountId: "demo", cap: "messages", messageId: "m-9" },
    });
    const signed = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    expect(() => new Webhook(secret).verify(body, Object.fromEntries(signed))).not.toThrow();
    expect(vendors.received).toEqual([]);
    expect(await queue.dead.count("demo")).toBe(0);
  });

  it("that is deleted takes nothing more; what waits becomes a dead letter", async () => {
    const endpoint = await receiver();
    const { setting } = webhook("short-lived", { url: endpoint.url, format: "8x8" });
    const settings = testSettings(setting);
    const { tell, queue } = await notifier({ settings });
    endpoint.answer = () => 500;
    await tell(entry(null, { count: 2 }));
    await vi.waitFor(() => expect(endpoint.received.length).toBeGreaterThan(0), WITHIN);
    settings.drop("demo/webhook/short-lived");
    await vi.waitFor(async () => expect(await queue.dead.count("demo")).toBe(1), WITHIN);
    const [failure] = await queue.dead.list("demo", { offset: 0, limit: 1 });
    expect(failure).toMatchObject({
      reason: "The webhook was deleted.",
      note: { hook: "short-lived" },
    });
  });
});

/** How many webhooks the metrics say fail, by account. */
async function failing() {
  const metric = await registry.getSingleMetric("fallthrough_webhooks_failing")!.get();
  return metric.values.map(({ labels, value }) => [labels["account"], value]);
}

describe("a registered webhook that takes nothing", () => {
  it("is told of, with its endpoint's words, and counted until it takes something", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 503;
    const { setting } = webhook("shop", { url: endpoint.url });
    const { tell, queue } = await notifier({ settings: testSettings(setting) });
    const standing = async () => (await queue.standings("demo", ["shop"]))[0];
    await tell(entry(null));
    await vi.waitFor(async () => {
      expect(await standing()).toMatchObject({ failing: { reason: "It answered 503." } });
    }, WITHIN);
    await vi.waitFor(async () => expect(await failing()).toEqual([["demo", 1]]), WITHIN);
    endpoint.answer = () => 200;
    const well = { waitingCount: 0, givenUpCount: 0, failing: null };
    await vi.waitFor(async () => expect(await standing()).toEqual(well), WITHIN);
    await vi.waitFor(async () => expect(await failing()).toEqual([]), WITHIN);
  });

  it("fails no more when it is gone", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 410;
    const { setting } = webhook("shop", { url: endpoint.url });
    const settings = testSettings(setting);
    const { tell, queue } = await notifier({ settings });
    await tell(entry(null));
    await vi.waitFor(async () => expect(await queue.failing()).not.toEqual([]), WITHIN);
    settings.drop(settingKey(setting));
    await vi.waitFor(async () => expect(await queue.failing()).toEqual([]), WITHIN);
  });
});
