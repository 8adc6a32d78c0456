// Fault: Redis loses its last second, is replaced by a replica that is behind, is emptied, is a new one, or loses its timers,
// each while messages are in every phase. Nobody does anything about it. Invariants: guarantees 1 to 4, as the
// auditor finds them on the topics; whoever was accepted has an outcome; each step was called for.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { loseItsEnd } from "#test/support/lose-its-end.ts";
import { expectNothingLost, loadAround } from "#test/support/nothing-lost.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";

/** 60 s become 3 s. */
const TIME_SCALE = 0.05;

const opened = new AsyncDisposableStack();
let product: Product;
let proxy: TcpProxy;

beforeAll(async () => {
  const infrastructure = opened.use(await startOwnInfrastructure());
  const first = await server();
  proxy = opened.use(await startTcpProxy(first.port));
  const env = { ...infrastructure.env, REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
  product = opened.use(await startProduct({ timeScale: TIME_SCALE, infrastructure: { env } }));
  current = first;
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** The one behind the proxy. */
let current: RedisServer;

async function server(): Promise<RedisServer> {
  return opened.use(await startRedisServer(["--appendonly", "yes", "--appendfsync", "no"]));
}

const faults: [string, () => Promise<void>][] = [
  ["loses its last second", () => loseItsEnd(current)],
  ["is emptied", () => withRedis(current.port, async (client) => void (await client.flushall()))],
  ["fails over to a replica that is behind", failOver],
  ["is a new one", replaceIt],
  ["loses its timers by somebody's hand", deleteTimers],
];
/** The others, which lead to the same two kinds of restore, in `npm run test:chaos`. */
const SHORT_COUNT = 2;
const played = process.env["CHAOS_ROUNDS"] ? faults : faults.slice(0, SHORT_COUNT);

it.each(played)(
  "loses nothing and sends nothing early where Redis %s",
  async (_name, fault) => {
    const accepted = await loadAround(fault, product);
    expect(accepted.length).toBeGreaterThan(250);
    await expectNothingLost(product, accepted);
  },
  600_000,
);

async function deleteTimers(): Promise<void> {
  await withRedis(current.port, async (client) => {
    await client.del(...(await client.keys("ft:*:timers")));
  });
}

/** The replica stopped hearing of its master a second before that died. */
async function failOver(): Promise<void> {
  const replica = await server();
  await withRedis(replica.port, async (client) => {
    await client.replicaof("127.0.0.1", current.port);
    await vi.waitFor(
      async () => expect(await client.info("replication")).toContain("link_status:up"),
      {
        timeout: 20_000,
      },
    );
    await sleep(500);
    await client.call("REPLICAOF", "NO", "ONE");
  });
  await sleep(1_000);
  await current.kill();
  proxy.leadTo(replica.port);
  proxy.cut();
  current = replica;
}

async function replaceIt(): Promise<void> {
  await current.kill();
  current = await server();
  proxy.leadTo(current.port);
  proxy.cut();
}

async function withRedis(port: number, work: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(port, "127.0.0.1");
  try {
    await work(client);
  } finally {
    client.disconnect();
  }
}
