import { globSync } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { RedisServer } from "#test/support/redis-server.ts";

/** Some more than what a second of a test's load writes. */
const CUT_BYTES = 64 * 1024;

/** The process is killed, and starts again with a disk that lacks what was written last. */
export async function loseItsEnd(server: RedisServer): Promise<void> {
  await server.kill();
  const [file = ""] = globSync(join(server.folder, "appendonlydir/*.incr.aof"));
  const { size } = await stat(file);
  await truncate(file, Math.max(0, size - CUT_BYTES));
  await server.start();
}
