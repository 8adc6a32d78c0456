// A service that is started before what it needs: it waits, says for what, and then does its work.
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { brokers } from "#test/support/kafka.ts";
import { startKafkaProxy } from "#test/support/kafka-proxy.ts";
import { startService } from "#test/support/service-process.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";

const patience = { timeout: 60_000, interval: 100 };
const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
const redisUrl = process.env["REDIS_URL"]!;
let opened: AsyncDisposableStack;

beforeAll(() => migrate({ brokers, registryUrl, sizes: defaultTopicSizes }), 90_000);
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

function through(url: string, { port }: TcpProxy): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

const portOf = (url: string) => Number(new URL(url).port);

it.each([
  [
    "Kafka",
    "Kafka",
    async () => {
      const proxy = await startKafkaProxy(brokers[0]!);
      return { proxy, env: { KAFKA_BROKERS: `127.0.0.1:${proxy.port}` } };
    },
  ],
  [
    "the registry",
    "schema registry",
    async () => {
      const proxy = await startTcpProxy(portOf(registryUrl));
      return { proxy, env: { SCHEMA_REGISTRY_URL: through(registryUrl, proxy) } };
    },
  ],
  [
    "Redis",
    "Redis",
    async () => {
      const proxy = await startTcpProxy(portOf(redisUrl));
      return { proxy, env: { REDIS_URL: through(redisUrl, proxy) } };
    },
  ],
])(
  "waits at its start for %s, and says so",
  async (_name, words, setUp) => {
    const { proxy, env } = await setUp();
    opened.use(proxy);
    proxy.behave({ refuse: true });
    const service = opened.use(await startService("timer-tick-consumer", env));
    const readiness = () => service.readiness();
    await expect.poll(readiness, patience).toContain("It cannot start yet:");
    expect(await readiness()).toContain(words);
    expect(service.fault()).toBeUndefined();
    proxy.behave({ refuse: false });
    await service.ready();
    expect(await readiness()).toBe("ready\n");
  },
  150_000,
);
