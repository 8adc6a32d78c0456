import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Lifetime, Part } from "./part.ts";
import { redisAnswers } from "./readiness.ts";

const CONTAINER_PORT = 6379;

export const redis: Part = {
  name: "redis",
  title: "Redis server",
  defaultPort: 6379,
  variable: "REDIS_PORT",
  urlVariable: "REDIS_URL",
  urlOf: (port) => `redis://127.0.0.1:${port}`,
  answers: redisAnswers,
  asContainer: (_port, lifetime) => ({
    image: "redis:7.4-alpine",
    innerPort: CONTAINER_PORT,
    env: {},
    args: ["redis-server", ...settings(lifetime)],
    dataFolder: "/data",
    asRoot: false,
  }),
  async asProcess({ port, dataDir, lifetime, tools }) {
    const folder = join(dataDir, "redis");
    await mkdir(folder, { recursive: true });
    // With a title of its own, the process could not be told from other people's.
    const title = ["--set-proc-title", "no"];
    const where = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, ...title];
    const args = [...where, ...settings(lifetime)];
    return { name: "redis", command: tools.redisServer, args, marker: folder };
  },
};

/** State may never be evicted; a temporary Redis writes nothing to disk. */
function settings(lifetime: Lifetime): string[] {
  const appendOnly = lifetime === "kept" ? "yes" : "no";
  const always = ["--save", "", "--maxmemory-policy", "noeviction"];
  return [...always, "--appendonly", appendOnly, "--appendfsync", "everysec"];
}
