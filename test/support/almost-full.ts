// A real Redis whose maxmemory is nearly used, as long as a test wants it.
import { Redis } from "ioredis";

/** So much that what is left of it holds whatever a test does meanwhile. */
const BALLAST_BYTES = 64 * 1024 * 1024;
const BALLAST = "ft:test-ballast";

/** `fill` sets a maxmemory of which the share is used. However it ends, the limit is taken back. */
export async function almostFull(url: string) {
  const client = new Redis(url);
  await client.setrange(BALLAST, BALLAST_BYTES, "x");
  const empty = async () => void (await client.config("SET", "maxmemory", "0"));
  return {
    async fill(share = 0.85): Promise<void> {
      const used = Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))![1]);
      await client.config("SET", "maxmemory", String(Math.round(used / share)));
    },
    empty,
    async [Symbol.asyncDispose]() {
      await empty();
      await client.del(BALLAST);
      client.disconnect();
    },
  };
}
