// `npm run bench:pressure [-- <part of a row's name>]`: what is shed under pressure, and how long until it is healed. Every service is a
// process of its own. Prints a row for each pressure; the figures in ARCHITECTURE came from here.
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { almostFull } from "#test/support/almost-full.ts";
import { choosePlaces } from "#test/support/places.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";
import { proofOf } from "#test/support/signed-receipts.ts";
import { connectUpstream } from "#test/support/upstream.ts";

/** 60 s become 1.2 s, carriers answer at once. */
const TIME_SCALE = 0.02;
const LIMIT_MS = 120_000;
const NAMES = [
  "carrier-simulator",
  "receipt-bridge",
  "status-report-consumer",
  "channel-dispatcher",
  "timer-tick-consumer",
  "send-request-consumer",
  "delay-scheduler",
  "api",
] as const;
const DELIVERED = "+6599990250";
const sms = [{ channel: "sms" }];

await using opened = new AsyncDisposableStack();
const infrastructure = opened.use(
  await startTemporaryInfrastructure({
    config: readInfrastructureConfig(process.env),
    progress: createProgress(),
    signal: stopSignal(),
  }),
);
const places = await choosePlaces(TIME_SCALE, infrastructure);
await migrate({ ...places, sizes: defaultTopicSizes });
const running = new Map<string, ServiceProcess>();
for (const name of NAMES) {
  running.set(name, opened.use(await startService(name, places.env)));
}
await Promise.all([...running.values()].map((service) => service.ready()));
const upstream = opened.use(await connectUpstream(places));
const otherKey = await makeAccount("hot-1");

console.log("| pressure | measured |\n| --- | --- |");
await row("none", async () => `one SMS after the other ends in ${await typical()}`);
await row("Redis above 80 % of its maxmemory", redisFull);
await row("carriers dead for 10 s, 200 SMS", deadCarriers);
await row("2,000 SMS of one account at once", hotAccount);
await row("a flood of unknown receipts, 64 connections, 10 s", receiptFlood);
await row("40 bodies of 10 MB at once", largeBodies);
await row("a consumer 5,000 requests behind", farBehind);
// Last: the bench's own connections are among those that are closed.
await row("10,000 connections that say nothing", manyConnections);

async function row(pressure: string, measure: () => Promise<string>): Promise<void> {
  if (!pressure.includes(process.argv[2] ?? "")) return;
  console.log(`| ${pressure} | ${await measure()} |`);
}

async function redisFull(): Promise<string> {
  await using redis = await almostFull(places.env["REDIS_URL"] ?? "");
  // A wait of 5 s, and two calls.
  const steps = [{ channel: "whatsapp", waitSeconds: 250, wanted: "READ" as const }, ...sms];
  const [open = ""] = await upstream.send({ to: "+6599990403", steps });
  await until(async () => (await phaseOf(open)) === "RUNNING");
  await redis.fill();
  const shed = await timed(() => until(async () => (await send()).status === 503));
  // Every process looks once a second.
  await sleep(2_000);
  const [waiting = ""] = await upstream.send({ to: DELIVERED, steps: sms });
  await until(async () => (await phaseOf(open)) === "ENDED");
  const waits = (await phaseOf(waiting)) === undefined ? "not taken" : "taken";
  await redis.empty();
  const healed = await timed(() => until(async () => (await send()).status === 202));
  const taken = await timed(() => until(async () => (await phaseOf(waiting)) === "ENDED"));
  return `503 after ${shed}; an open message went through its wait and both calls, a new one on Kafka: ${waits}; with room again 202 after ${healed}, the one on Kafka ended ${taken} later`;
}

async function deadCarriers(): Promise<string> {
  await running.get("carrier-simulator")?.kill();
  const messageIds = await upstream.send(...many(200, { to: DELIVERED, steps: sms }));
  await sleep(10_000);
  const accepted = await timed(async () => void (await send()));
  running.set("carrier-simulator", opened.use(await startService("carrier-simulator", places.env)));
  const healed = await timed(() => untilEnded(messageIds));
  return `meanwhile a send is answered in ${accepted}; all have ended ${healed} after the carrier's start, ${await outcomes(messageIds)}`;
}

async function hotAccount(): Promise<string> {
  const messageIds = await upstream.send(...many(2_000, { to: DELIVERED, steps: sms }));
  const other = await timed(() =>
    ended({ to: DELIVERED, steps: sms, accountId: "hot-1" }, otherKey),
  );
  const all = await timed(() => untilEnded(messageIds));
  return `another account's one SMS ended in ${other}; all of them ${all} later`;
}

async function receiptFlood(): Promise<string> {
  const pool = new Pool(places.receiptUrl, { connections: 64 });
  const stop = Date.now() + 10_000;
  let count = 0;
  const posting = many(64, null).map(async () => {
    while (Date.now() < stop) {
      const body = JSON.stringify({
        receiptId: `r${count}`,
        id: `none-${count}`,
        status: "delivered",
        at: Date.now(),
      });
      count += 1;
      const headers = { "content-type": "application/json", ...proofOf(body) };
      const { body: answer } = await pool.request({
        method: "POST",
        path: "/receipts/simulated-sms",
        headers,
        body,
      });
      await answer.dump();
    }
  });
  const during = await typical(5);
  await Promise.all(posting);
  await pool.close();
  const after = await timed(() => ended({ to: DELIVERED, steps: sms }));
  return `${Math.round(count / 10)} receipts a second are taken; an SMS meanwhile ends in ${during}, one sent right after it in ${after}`;
}

async function largeBodies(): Promise<string> {
  const body = `{"text":"${"x".repeat(10_000_000)}"}`;
  const before = await residentMib("api");
  const posting = Promise.all(
    many(40, null).map(
      async () => (await post("/messages", body).catch(() => undefined))?.status ?? 0,
    ),
  );
  const during = await timed(async () => void (await send()));
  const statuses = counted(await posting);
  return `answered ${statuses} (0: cut off while it wrote); a send meanwhile in ${during}; the api grew by ${(await residentMib("api")) - before} MiB`;
}

async function manyConnections(): Promise<string> {
  const { port, hostname } = new URL(places.apiUrl);
  const before = await residentMib("api");
  const sockets = many(10_000, null).map(() => connect(Number(port), hostname));
  const closed = new Set<Socket>();
  for (const socket of sockets) {
    socket.resume();
    socket.on("error", () => closed.add(socket));
    socket.on("close", () => closed.add(socket));
  }
  // Some seconds until all stand, and the 10 s that a silent one has.
  await sleep(15_000);
  const held = sockets.length - closed.size;
  const grown = (await residentMib("api")) - before;
  const refused = await timed(async () => void (await send().catch(() => undefined)));
  const healed = await timed(() =>
    until(async () => (await send().catch(() => undefined))?.status === 202),
  );
  for (const socket of sockets) socket.destroy();
  return `${held} are still held after 15 s; the api grew by ${grown} MiB; a new client is turned away in ${refused}, and served after ${healed}, when silent ones have been closed`;
}

async function farBehind(): Promise<string> {
  await running.get("send-request-consumer")?.kill();
  const messageIds = await upstream.send(...many(5_000, { to: DELIVERED, steps: sms }));
  const service = opened.use(await startService("send-request-consumer", places.env));
  running.set("send-request-consumer", service);
  const caughtUp = await timed(() =>
    until(async () => (await phaseOf(messageIds.at(-1) ?? "")) !== undefined),
  );
  const all = await timed(() => untilEnded(messageIds));
  return `taken ${caughtUp} after its start (10 s of it the dead one's session), all ended ${all} later, ${await outcomes(messageIds)}`;
}

/** Resolves with a key that reads its messages. */
async function makeAccount(accountId: string): Promise<string> {
  await admin("PUT", `/accounts/${accountId}`, { name: "Other" });
  await admin("PUT", `/accounts/${accountId}/channels/sms`, { senders: ["OTHER"] });
  const { key } = await admin("POST", `/accounts/${accountId}/api-keys`, { scopes: ["read"] });
  return String(key);
}

async function admin(method: string, path: string, body: object) {
  const headers = { authorization: "Bearer demo-admin-key", "content-type": "application/json" };
  const url = `${places.apiUrl}/ft/v1${path}`;
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return Object(JSON.parse(text));
}

async function post(path: string, body: string): Promise<Response> {
  const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
  const answer = await fetch(`${places.apiUrl}/ft/v1${path}`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer;
}

function send(): Promise<Response> {
  const message = { recipient: { msisdn: DELIVERED }, content: { text: "Hello" }, steps: sms };
  return post("/messages", JSON.stringify(message));
}

type Request = Parameters<typeof upstream.send>[0];

async function ended(request: Request, key?: string): Promise<void> {
  await untilEnded(await upstream.send(request), key);
}

/** The median and the slowest of some, one after the other. */
async function typical(count = 9): Promise<string> {
  const took: number[] = [];
  for (let each = 0; each < count; each++) {
    const startedAt = performance.now();
    await ended({ to: DELIVERED, steps: sms });
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  return `${shown(took[count >> 1] ?? 0)} (slowest ${shown(took.at(-1) ?? 0)})`;
}

/** Undefined while nobody has taken it. */
async function stateOf(messageId: string, key = "demo-key") {
  const url = `${places.apiUrl}/ft/v1/messages/${encodeURIComponent(messageId)}`;
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(url, { headers });
  const body: unknown = await answer.json();
  return answer.ok ? Object(body) : undefined;
}

async function phaseOf(messageId: string, key?: string): Promise<string | undefined> {
  return (await stateOf(messageId, key))?.phase;
}

/** All of few; of many every fiftieth and the last ones, since asking costs as much as sending. */
async function untilEnded(messageIds: readonly string[], key?: string): Promise<void> {
  for (const [index, id] of messageIds.entries()) {
    if (messageIds.length > 500 && index % 50 > 0 && index < messageIds.length - 50) continue;
    await until(async () => (await phaseOf(id, key)) === "ENDED");
  }
}

async function outcomes(messageIds: readonly string[]): Promise<string> {
  const some = messageIds.slice(0, 200);
  return counted(await Promise.all(some.map(async (id) => (await stateOf(id))?.outcome)));
}

function counted(words: readonly unknown[]): string {
  const groups = Map.groupBy(words, String);
  return [...groups].map(([word, { length }]) => `${word} ${length} times`).join(", ");
}

async function residentMib(name: string): Promise<number> {
  const metrics = (await running.get(name)?.metrics()) ?? "";
  return Math.round(
    Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? 0) / 2 ** 20,
  );
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error("It takes too long.");
    await sleep(20);
  }
}

async function timed(work: () => Promise<void>): Promise<string> {
  const startedAt = performance.now();
  await work();
  return shown(performance.now() - startedAt);
}

function shown(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function many<T>(count: number, each: T): T[] {
  return Array.from({ length: count }, () => each);
}
