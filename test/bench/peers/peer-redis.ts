// The peers' Redis: the same binary with the same persistence as ours, and emptied at will.
import { Redis } from "ioredis";
import { startRedisServer } from "#test/support/redis-server.ts";

export type PeerRedis = AsyncDisposable & {
  url: string;
  pid: number;
  /** How often a second it looks for what is over: its `hz`, 10 by default. */
  setHz(hz: number): Promise<void>;
  empty(): Promise<void>;
  usedBytes(): Promise<number>;
};

/** Starts it beside the Redis at `url`, whose settings for the disk it gets. */
export async function startPeerRedis(url: string): Promise<PeerRedis> {
  const settings = await persistenceOf(url);
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startRedisServer(settings));
  const client = new Redis(server.url);
  stack.defer(() => client.disconnect());
  const pid = Number(/^process_id:(\d+)/m.exec(await client.info("server"))?.[1]);
  const owned = stack.move();
  return {
    url: server.url,
    pid,
    setHz: async (hz) => void (await client.config("SET", "hz", hz)),
    empty: async () => void (await client.flushall()),
    usedBytes: () => usedBytes(client),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What a Redis says that it has allocated. */
export async function usedBytes(client: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
}

/** A temporary Redis writes nothing to disk; in a deployment it does, and pays for it. */
export async function keepOnDisk(url: string): Promise<void> {
  const client = new Redis(url);
  await client.config("SET", "appendonly", "yes");
  client.disconnect();
}

async function persistenceOf(url: string): Promise<string[]> {
  const client = new Redis(url);
  const read = async (name: string) => {
    const reply: unknown = await client.config("GET", name);
    const [, value] = reply as [string, string];
    return [`--${name}`, value];
  };
  const settings = [await read("appendonly"), await read("appendfsync")].flat();
  client.disconnect();
  return settings;
}
