// The product on infrastructure from testcontainers, as its users' own test suites would run it: the
// images of our own parts, each in a container of this file. Skipped, aloud, where no engine answers.
import { GenericContainer } from "testcontainers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { broker } from "#deploy/infrastructure/broker.ts";
import { obstacleToContainers } from "#deploy/infrastructure/containers.ts";
import type { Part } from "#deploy/infrastructure/part.ts";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { redis } from "#deploy/infrastructure/redis.ts";
import { registry } from "#deploy/infrastructure/registry.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { example } from "#test/support/stories.ts";

const parts = [broker, registry, redis];
const quiet = { say: () => undefined, update: () => undefined };
const { signal } = new AbortController();
const obstacle = await obstacleToContainers(parts, { progress: quiet, signal });
if (obstacle !== undefined) console.warn(`SKIPPED, the product on testcontainers: ${obstacle}`);

// The reaper is one more image that an engine without a registry does not get; disposal removes
// every container of this file.
process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";

/** A port that is open says nothing about Kafka: its answer to a client does. */
const ANSWERS_WITHIN_MS = 90_000;
/** Nothing is kept, so nobody needs time to write. */
const STOP_LIMIT_MS = 1_000;

async function startContainer(part: Part): Promise<{ url: string } & AsyncDisposable> {
  const port = await freePort();
  const { image, innerPort, env, args, asRoot } = part.asContainer(port, "temporary");
  const container = new GenericContainer(image)
    .withExposedPorts({ container: innerPort, host: port })
    .withEnvironment({ ...env })
    .withCommand([...args]);
  const started = await (asRoot ? container.withUser("root") : container).start();
  const url = part.urlOf(port);
  const answer = async () => expect(await part.answers(url)).toBe(true);
  await vi.waitFor(answer, { timeout: ANSWERS_WITHIN_MS, interval: 250 });
  return {
    url,
    [Symbol.asyncDispose]: async () => void (await started.stop({ timeout: STOP_LIMIT_MS })),
  };
}

describe.skipIf(obstacle !== undefined)("the product on testcontainers", () => {
  const opened = new AsyncDisposableStack();
  let product: Product;

  beforeAll(async () => {
    const started = parts.map(async (part) => {
      const { url } = opened.use(await startContainer(part));
      return [part.urlVariable, url] as const;
    });
    const env = Object.fromEntries(await Promise.all(started));
    product = opened.use(await startProduct({ timeScale: 0.02, infrastructure: { env } }));
  }, 180_000);
  afterAll(() => opened.disposeAsync(), 60_000);

  it("takes 8x8's three steps until SMS gets through", async () => {
    const messageId = await product.send(example("three-channels", "+6599990250"));
    const outcome = await product.outcomes.next(messageId);
    expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", revision: 1 });
    const calls = await product.callsOf(messageId);
    expect(calls.map(({ channel }) => channel)).toEqual(["whatsapp", "viber", "sms"]);
  });
});
