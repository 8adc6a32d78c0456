// Nobody waits for somebody else's sender: the dispatcher on real Kafka and Redis, over real HTTP.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, vi } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { registerSchemas } from "#libs/contracts/registry.ts";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { claimKey } from "#test/support/dispatcher.ts";
import { dispatcherBench } from "#test/support/dispatcher-bench.ts";
import { type DispatcherSetup, startDispatcher } from "#test/support/dispatcher-process.ts";
import { outsideClient } from "#test/support/outside-client.ts";

type Call = { commandId: string; recipient: string; at: number };

beforeAll(() => registerSchemas({ registryUrl: process.env["SCHEMA_REGISTRY_URL"]! }));

/** A carrier of each test's own, and what it starts: tests may run side by side. */
async function openScene() {
  const opened = new AsyncDisposableStack();
  const carrier = opened.use(await startCarrier());
  const bench = async (given: Partial<DispatcherSetup["config"]> = {}) =>
    opened.use(await dispatcherBench({ carrierUrl: carrier.url, ...given }));
  const run = async (setup: DispatcherSetup) => opened.use(await startDispatcher(setup));
  const runProcess = (setup: DispatcherSetup) => opened.use(startProcess(setup)).child;
  const callsFor = ({ commandId }: DispatchCommand) =>
    carrier.calls.filter((call) => call.commandId === commandId);
  const { calls } = carrier;
  const dispose = () => opened.disposeAsync();
  return {
    opened,
    carrier,
    calls,
    callsFor,
    bench,
    run,
    runProcess,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Takes every call, and remembers when it came. */
async function startCarrier() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { commandId, recipient } = JSON.parse(Buffer.concat(chunks).toString()) as Call;
      carrier.calls.push({ commandId, recipient, at: Date.now() });
      const answer = () => response.end(JSON.stringify({ providerMessageId: commandId }));
      if (!carrier.silentTo(recipient)) setTimeout(answer, carrier.answerAfterMs);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const carrier = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [] as Call[],
    /** Numbers whose calls it never answers. */
    silentTo: (_recipient: string) => false,
    /** How long it takes for its answers, ms. */
    answerAfterMs: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
  return carrier;
}

/** A dispatcher that can be stopped by signals. */
function startProcess(setup: DispatcherSetup) {
  const program = fileURLToPath(import.meta.resolve("#test/support/dispatcher-process.ts"));
  const child = spawn(process.execPath, [program, JSON.stringify(setup)], { stdio: "inherit" });
  return {
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

type Given = { recipient?: string; accountId?: string; notAfter?: number };

function sms(sender: string, given: Given = {}): DispatchCommand {
  const notAfter = Date.now() + 3_600_000;
  return commandFor({ channel: "sms", recipient: "+6511110000", sender, notAfter, ...given });
}

const many = (count: number, make: () => DispatchCommand) => Array.from({ length: count }, make);

async function until(isSo: () => boolean, withinMs = 60_000) {
  await vi.waitUntil(isSo, { timeout: withinMs, interval: 20 });
}

it("takes in 10,000 commands of a sender at 1/s, and calls for another's single SMS at once", async () => {
  await using scene = await openScene();
  const { bench, run, calls, callsFor, opened } = scene;
  const { setup, publish, redis } = await bench({ ratePerSecond: 1 });
  const { groupId, commandTopic } = setup.place;
  await run(setup);
  const slow = many(10_000, () => sms("SLOW"));
  for (let from = 0; from < slow.length; from += 1_000)
    await publish(slow.slice(from, from + 1_000));
  await vi.waitUntil(async () => (await redis.at("").zcard(waitingKey())) > 9_900, {
    timeout: 60_000,
  });
  // Another sender of the same account, and another account with a sender of the same name.
  const others = [sms("OTHER"), sms("SLOW", { accountId: "neighbour" })];
  const callCount = calls.length;
  await publish(others);
  await until(() => others.every((other) => callsFor(other).length === 1));
  expect(calls.length - callCount).toBeLessThan(50);
  // What waits does not hold Kafka up: its offsets are committed.
  const admin = outsideClient(setup.config.kafka.brokers).admin();
  await admin.connect();
  opened.defer(() => admin.disconnect());
  await vi.waitUntil(async () => (await lagOf(admin, groupId, commandTopic)) === 0, {
    timeout: 30_000,
    interval: 200,
  });
}, 120_000);

async function lagOf(
  admin: ReturnType<ReturnType<typeof outsideClient>["admin"]>,
  groupId: string,
  topic: string,
): Promise<number> {
  const ends = await admin.fetchTopicOffsets(topic);
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const done = new Map(committed!.partitions.map(({ partition, offset }) => [partition, offset]));
  return ends.reduce(
    (sum, { partition, high }) => sum + Number(high) - Number(done.get(partition)),
    0,
  );
}

function waitingKey(): string {
  return dispatchKeys("sms").find((key) => key.endsWith(":waiting"))!;
}

it("repeats no call and no token when it is killed and started again in the middle", async () => {
  await using scene = await openScene();
  const { bench, run, runProcess, calls } = scene;
  const { setup, publish, reports } = await bench({ ratePerSecond: 10, carrierTimeoutMs: 5_000 });
  const commands = many(60, () => sms("PACED"));
  const first = runProcess(setup);
  await publish(commands);
  await until(() => calls.length >= 20);
  first.kill("SIGKILL");
  await once(first, "exit");
  const before = calls.length;
  await run(setup);
  const told = () => new Set(reports().map(({ messageId }) => messageId)).size;
  await until(() => told() === 60);
  // Nobody is called twice; what was in flight may be told as a lost answer.
  expect(new Set(calls.map(({ commandId }) => commandId)).size).toBe(calls.length);
  expect(calls.length).toBeGreaterThan(50);
  // The rest keeps the pace as if nothing had been: no token is spent on what was called for. Half of
  // it, because a busy carrier hears of several calls at once.
  const later = calls.slice(before).map(({ at }) => at);
  expect(later.at(-1)! - later[0]!).toBeGreaterThan(50 * (later.length - 2));
  expect(later.at(-1)! - later[0]!).toBeLessThan(100 * later.length + 60_000);
}, 180_000);

it("shares places and pace between two dispatchers, and calls for each command once", async () => {
  await using scene = await openScene();
  const { bench, run, calls } = scene;
  const { setup, publish, untilReports } = await bench({ ratePerSecond: 50 });
  await Promise.all([run(setup), run(setup)]);
  const commands = many(400, () => sms("SHARED"));
  await publish(commands);
  await untilReports(400, 60_000);
  expect(calls).toHaveLength(400);
  const instants = calls.map(({ at }) => at).toSorted((a, b) => a - b);
  // 400 calls at 50/s take 8 s, and 4 s if two dispatchers each keep the pace alone.
  expect(instants.at(-1)! - instants[0]!).toBeGreaterThan(5_500);
}, 90_000);

it.concurrent("keeps places for others while all calls of one account hang", async () => {
  await using scene = await openScene();
  const { bench, run, calls, callsFor, carrier } = scene;
  const { setup, publish } = await bench({ callsInFlightMax: 16 });
  carrier.silentTo = (recipient) => recipient === "+6500000001";
  await run(setup);
  const hot = many(500, () => sms("HOT", { recipient: "+6500000001" }));
  await publish(hot);
  await until(() => calls.length >= 8);
  const quiet = sms("QUIET", { accountId: "quiet" });
  const sameAccount = sms("QUIET");
  const sentAt = Date.now();
  await publish([quiet, sameAccount]);
  await until(() => callsFor(quiet).length === 1 && callsFor(sameAccount).length === 1);
  // The hanging ones still hang: nobody's end made the room.
  expect(Date.now() - sentAt).toBeLessThan(setup.config.carrierTimeoutMs);
  // Or the end of the dispatcher would wait for them.
  await carrier[Symbol.asyncDispose]();
}, 60_000);

it.concurrent("does not call after notAfter when its process stood still", async () => {
  await using scene = await openScene();
  const { bench, runProcess, calls, callsFor } = scene;
  const { setup, publish, reports } = await bench({ ratePerSecond: 10 });
  const child = runProcess(setup);
  const warmUp = sms("WARM");
  await publish([warmUp]);
  await until(() => callsFor(warmUp).length === 1);
  const notAfter = Date.now() + 15_000;
  await publish(many(300, () => sms("PACED", { notAfter })));
  await until(() => calls.length > 5);
  child.kill("SIGSTOP");
  await sleep(Math.max(0, notAfter - Date.now()) + 500);
  const before = calls.length;
  child.kill("SIGCONT");
  await until(() => new Set(reports().map(({ reportId }) => reportId)).size === 301);
  // What the dead process had written before it was stopped may arrive; nothing is begun.
  expect(calls.filter(({ at }) => at > notAfter + 250)).toEqual([]);
  expect(calls.length - before).toBeLessThanOrEqual(1);
  const expired = reports().filter(({ errorCode }) => errorCode === "not-after");
  expect(expired.length).toBe(301 - calls.length);
}, 120_000);

it.concurrent("hears the answers that came while its process stood still", async () => {
  await using scene = await openScene();
  const { bench, runProcess, calls, carrier } = scene;
  const { setup, publish, untilReports } = await bench({ carrierTimeoutMs: 2_000 });
  carrier.answerAfterMs = 500;
  const child = runProcess(setup);
  await publish(many(20, () => sms("STOPPED")));
  await until(() => calls.length > 0);
  child.kill("SIGSTOP");
  const stoppedAt = calls.length;
  await sleep(3_000);
  child.kill("SIGCONT");
  const reports = await untilReports(20, 30_000);
  const words = reports.map(({ status }) => status);
  expect(words.filter((word) => word === "ACCEPTED").length).toBeGreaterThanOrEqual(stoppedAt);
}, 90_000);

it.concurrent("buries parked bytes that nobody can read, and goes on with the others", async () => {
  await using scene = await openScene();
  const { bench, run } = scene;
  const { setup, publish, untilReports, redis, dead } = await bench({ ratePerSecond: 2 });
  await run(setup);
  const commands = many(6, () => sms("PACED"));
  await publish(commands);
  const last = commands.at(-1)!;
  const claim = claimKey("sms", last.commandId);
  await vi.waitUntil(async () => (await redis.at("").hget(claim, "state")) === "waiting", {
    timeout: 30_000,
  });
  await redis.at("").hset(claim, "command", "no command");
  const words = await untilReports(5);
  expect(new Set(words.map(({ messageId }) => messageId))).not.toContain(last.messageId);
  await vi.waitUntil(() => dead.length === 1, { timeout: 30_000 });
  expect(dead[0]!.value.toString()).toBe("no command");
  expect(dead[0]!.headers[headerNames.deadReason]).toContain("wire format");
  await publish([sms("PACED")]);
  await untilReports(6);
}, 60_000);
