// Real brokers, registries and Redis of this test's own, each way in which they can be had. A way
// that this machine does not offer is skipped by name.
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { broker } from "#deploy/infrastructure/broker.ts";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { obstacleToContainers } from "#deploy/infrastructure/containers.ts";
import { redis } from "#deploy/infrastructure/redis.ts";
import { registry } from "#deploy/infrastructure/registry.ts";
import { runCommand } from "#deploy/infrastructure/run-command.ts";
import { startInfrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { findJava } from "#deploy/infrastructure/system-tools.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";

const quiet = { say: () => undefined, update: () => undefined };
const { signal } = new AbortController();
/** How a Redis client, fetch and a socket say that nobody listens. */
const REFUSED = /ECONNREFUSED|fetch failed|Connection is closed/;
const SCHEMA = JSON.stringify({ type: "record", name: "Note", fields: [] });

const noContainers = await obstacleToContainers([broker, registry, redis], {
  progress: quiet,
  signal,
});
const redisServer = await runCommand("redis-server", ["--version"], { timeoutMs: 5_000 });
const hasTools = (await findJava(process.env["JAVA_HOME"] ?? "")) && redisServer.exitCode === 0;
const noProcesses = hasTools ? undefined : "Java 17 or redis-server is not installed.";

function configOf(choice: string) {
  return readInfrastructureConfig({ FALLTHROUGH_INFRA: choice });
}

async function registerNote(registryUrl: string): Promise<unknown> {
  const response = await fetch(`${registryUrl}/subjects/note-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: SCHEMA }),
  });
  return response.json();
}

describe.each([
  { choice: "processes", source: "local processes", obstacle: noProcesses },
  { choice: "containers", source: "containers", obstacle: noContainers },
])("infrastructure as $source", ({ choice, source, obstacle }) => {
  beforeAll(() => {
    if (obstacle !== undefined) console.warn(`SKIPPED, infrastructure as ${source}: ${obstacle}`);
  });

  it.skipIf(obstacle !== undefined)(
    "answers when it is started and is gone when it is disposed",
    async () => {
      const options = { config: configOf(choice), progress: quiet, signal };
      const started = await startTemporaryInfrastructure(options);
      expect(started.source).toBe(source);
      expect(await broker.answers(started.kafkaBrokers.join())).toBe(true);
      expect(await registry.answers(started.schemaRegistryUrl)).toBe(true);
      expect(await redis.answers(started.redisUrl)).toBe(true);
      await started[Symbol.asyncDispose]();
      await expect(broker.answers(started.kafkaBrokers.join())).rejects.toThrow(REFUSED);
      await expect(registry.answers(started.schemaRegistryUrl)).rejects.toThrow(REFUSED);
      await expect(redis.answers(started.redisUrl)).rejects.toThrow(REFUSED);
    },
    120_000,
  );
});

describe.skipIf(noProcesses !== undefined)("kept infrastructure", () => {
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
  beforeAll(async () => {
    folder = await mkdtempDisposable(join(tmpdir(), "kept-"));
  });
  afterAll(() => folder.remove());

  const start = () => {
    const options = { config: configOf("processes"), progress: quiet, signal };
    return startInfrastructure({ ...options, dataDir: folder.path, lifetime: "kept" });
  };

  it("finds schemas under their ids and Redis's keys after a restart", async () => {
    let firstId: unknown;
    {
      await using first = await start();
      firstId = await registerNote(first.schemaRegistryUrl);
      const client = new Redis(first.redisUrl);
      await client.set("kept", "yes");
      await client.quit();
    }
    await using second = await start();
    expect(await registerNote(second.schemaRegistryUrl)).toEqual(firstId);
    const client = new Redis(second.redisUrl);
    expect(await client.get("kept")).toBe("yes");
    await client.quit();
  }, 120_000);
});

it("says which variable is wrong when nothing answers at a given URL", async () => {
  const config = readInfrastructureConfig({ REDIS_URL: "redis://127.0.0.1:1" });
  const started = startTemporaryInfrastructure({ config, progress: quiet, signal });
  await expect(started).rejects.toThrow("REDIS_URL is redis://127.0.0.1:1, but no Redis server");
}, 60_000);
