// A Redis Cluster of masters on this machine, made by its own commands: redis-cli may not be here.
import { Redis } from "ioredis";
import { vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { SLOT_COUNT } from "#libs/redis/key-slot.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

/** A master is replaced by its replica when it has been silent for about so long. */
const NODE_TIMEOUT_MS = 2_000;
const KEYS_AT_ONCE = 50;

export type ClusterNode = { server: RedisServer; client: Redis; id: string };
export type RedisCluster = AsyncDisposable & {
  /** The masters as it was made. */
  nodes: readonly ClusterNode[];
  /** Leads to the first of them. */
  url: string;
  /** Who has the slot now, as the first node that is there says. */
  ownerOf(slot: number): Promise<ClusterNode>;
  /** Begins to move a slot; what it holds goes over key by key then. */
  beginMove(slot: number, to: ClusterNode): Promise<void>;
  /** Moves what is left of a slot, and gives it over. */
  endMove(slot: number, to: ClusterNode): Promise<void>;
  /** A replica of a master, in step with it. */
  addReplica(master: ClusterNode): Promise<ClusterNode>;
};

/** Starts `count` masters with equal shares of the slots; resolves once each has heard of all. */
export async function startRedisCluster(count = 3): Promise<RedisCluster> {
  await using opened = new AsyncDisposableStack();
  const nodes: ClusterNode[] = [];
  for (let index = 0; index < count; index++) nodes.push(await startNode(opened));
  const [first] = nodes as [ClusterNode];
  for (const [index, { client }] of nodes.entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.floor((part * SLOT_COUNT) / count));
    await client.call("CLUSTER", "ADDSLOTSRANGE", from!, to! - 1);
    await client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
    if (index > 0) await meet(first, nodes[index]!);
  }
  const all = [...nodes];
  await Promise.all(nodes.map((node) => untilWhole(node, count)));
  const resources = opened.move();
  const ownerOf = async (slot: number) => {
    const id = await ownerId(slot, all);
    return all.find((node) => node.id === id)!;
  };
  return {
    nodes,
    url: first.server.url,
    ownerOf,
    async beginMove(slot, to) {
      const from = await ownerOf(slot);
      await to.client.call("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
      await from.client.call("CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
    },
    async endMove(slot, to) {
      const from = await ownerOf(slot);
      await migrateKeys(slot, from, to);
      for (const { client } of [to, from])
        await client.call("CLUSTER", "SETSLOT", slot, "NODE", to.id);
      await vi.waitUntil(async () => (await ownerOf(slot)) === to, { timeout: 30_000 });
    },
    async addReplica(master) {
      const replica = await startNode(resources);
      await meet(master, replica);
      await vi.waitUntil(
        () => replica.client.call("CLUSTER", "REPLICATE", master.id).catch(() => false),
        { timeout: 30_000, interval: 100 },
      );
      const isInStep = async () =>
        /master_link_status:up/.test(await replica.client.info("replication"));
      await vi.waitUntil(isInStep, { timeout: 30_000, interval: 100 });
      all.push(replica);
      return replica;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function startNode(opened: AsyncDisposableStack): Promise<ClusterNode> {
  const settings = [
    ["--cluster-enabled", "yes"],
    // The default lies 10,000 above the port, where connections that go out have theirs.
    ["--cluster-port", String(await freePort())],
    ["--cluster-node-timeout", String(NODE_TIMEOUT_MS)],
    // One that gives its last slot away would follow it as a replica.
    ["--cluster-allow-replica-migration", "no"],
  ];
  const server = opened.use(await startRedisServer(settings.flat()));
  const client = new Redis(server.url, { retryStrategy: () => 100 });
  client.on("error", () => undefined);
  opened.defer(() => client.disconnect());
  return { server, client, id: String(await client.call("CLUSTER", "MYID")) };
}

async function meet(one: ClusterNode, other: ClusterNode): Promise<void> {
  const info = await other.client.call("CONFIG", "GET", "cluster-port");
  const busPort = Array.isArray(info) ? String(info[1]) : "";
  await one.client.call("CLUSTER", "MEET", "127.0.0.1", other.server.port, busPort);
}

async function untilWhole({ client }: ClusterNode, count: number): Promise<void> {
  const isWhole = async () => {
    const info = String(await client.call("CLUSTER", "INFO"));
    return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${count}\r`);
  };
  await vi.waitUntil(isWhole, { timeout: 30_000, interval: 50 });
}

async function ownerId(slot: number, nodes: readonly ClusterNode[]): Promise<string> {
  const client = nodes.find((node) => node.client.status === "ready")!.client;
  const ranges = await client.cluster("SLOTS");
  return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2]?.[2] ?? "";
}

async function migrateKeys(slot: number, from: ClusterNode, to: ClusterNode): Promise<void> {
  for (;;) {
    const keys = (await from.client.call(
      "CLUSTER",
      "GETKEYSINSLOT",
      slot,
      KEYS_AT_ONCE,
    )) as string[];
    if (keys.length === 0) return;
    await from.client.call("MIGRATE", "127.0.0.1", to.server.port, "", 0, 5_000, "KEYS", ...keys);
  }
}
