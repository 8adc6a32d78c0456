// The product as processes of their own, two of each service that shares its work, each behind doors of its own to
// the broker and to Redis. Redis is this crowd's own, with a log on disk.
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { replaceAddress } from "#test/support/kafka-proxy.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";
import type { Draw } from "./draws.ts";
import { type Gate, openGate } from "./gate.ts";
import { kafkaWire, redisWire } from "./wire-frames.ts";

/** One of each: they have an address that others know. */
const SINGLE = ["carrier-simulator", "receipt-bridge", "api"] as const;
const TWICE = [
  "send-request-consumer",
  "status-report-consumer",
  "timer-tick-consumer",
  "delay-scheduler",
  "channel-dispatcher",
  "webhook-notifier",
] as const;

export type MemberName = (typeof SINGLE)[number] | (typeof TWICE)[number];

export type Member = AsyncDisposable & {
  readonly name: MemberName;
  readonly kafka: Gate;
  readonly redis: Gate;
  /** SIGKILL, and the same again at the same addresses. What its doors held back is gone with it. */
  bounce(): Promise<void>;
  /** SIGTERM, and the same again. */
  restart(): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  ready(): Promise<void>;
  words(): Promise<string>;
  fault(): string | undefined;
};

export type Crowd = AsyncDisposable & {
  readonly places: Places;
  readonly redis: RedisServer;
  /** The way of all to the registry. */
  readonly registry: TcpProxy;
  readonly members: readonly Member[];
  /** One of them. */
  member(name: MemberName, draw: Draw): Member;
  /** One more, until its disposal. */
  join(name: MemberName): Promise<Member>;
  ready(): Promise<void>;
  /** What each says of its readiness, and the last lines of its log. */
  words(): Promise<string>;
  /** The last words of processes that ended by themselves: there should be none. */
  faults(): string[];
};

/** Waits are multiplied by `timeScale`. */
export async function startCrowd(timeScale: number): Promise<Crowd> {
  await using opened = new AsyncDisposableStack();
  const infrastructure = opened.use(await startOwnInfrastructure());
  const onDisk = ["--appendonly", "yes", "--appendfsync", "everysec"];
  const sleepy = ["--enable-debug-command", "yes"];
  const redis = opened.use(await startRedisServer([...onDisk, ...sleepy]));
  const chosen = await choosePlaces(timeScale, infrastructure);
  const { brokers, registryUrl } = chosen;
  const registry = opened.use(await startTcpProxy(Number(new URL(registryUrl).port)));
  const ways = {
    REDIS_URL: redis.url,
    SCHEMA_REGISTRY_URL: withPort(registryUrl, registry.port),
  };
  const places = { ...chosen, env: { ...chosen.env, ...ways } };
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const names = [...SINGLE, ...TWICE, ...TWICE];
  const members: Member[] = [];
  opened.defer(async () => void (await Promise.all(members.map(end))));
  for (const name of names) members.push(await startMember(name, places));
  await Promise.all(members.map((member) => member.ready()));
  const resources = opened.move();
  return {
    places,
    redis,
    registry,
    members,
    member(name, draw) {
      const all = members.filter((member) => member.name === name);
      const found = all[draw(all.length)];
      if (!found) throw new Error(`There is no ${name}.`);
      return found;
    },
    join: (name) => startMember(name, places),
    ready: async () => void (await Promise.all(members.map((member) => member.ready()))),
    words: async () => (await Promise.all(members.map((member) => member.words()))).join("\n"),
    faults: () => members.flatMap((member) => member.fault() ?? []),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function end(member: Member): PromiseLike<void> {
  return member[Symbol.asyncDispose]();
}

async function startMember(name: MemberName, { brokers, env }: Places): Promise<Member> {
  await using opened = new AsyncDisposableStack();
  const kafka = opened.use(await openBrokerGate(brokers[0]!));
  const redisPort = Number(new URL(env["REDIS_URL"]!).port);
  const redis = opened.use(await openGate({ port: redisPort, wire: redisWire }));
  const behindDoors = {
    ...env,
    KAFKA_BROKERS: `127.0.0.1:${kafka.port}`,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    WEBHOOK_ALLOW_PRIVATE: "true",
  };
  const start = () => startService(name, behindDoors);
  let running: ServiceProcess = await start();
  let changing: Promise<void> = Promise.resolve();
  // One after the other: of two strikes at once the first one's process would be left running, unknown to anybody.
  const startAfter = (stop: (current: ServiceProcess) => PromiseLike<void>) => {
    changing = changing
      .catch(() => undefined)
      .then(async () => {
        await stop(running);
        running = await start();
      });
    return changing;
  };
  opened.defer(async () => {
    // At once: one that is struck would wait for what its doors keep back. And whoever was just about to follow it.
    await running.kill();
    await changing.catch(() => undefined);
    await running.kill();
  });
  const resources = opened.move();
  return {
    name,
    kafka,
    redis,
    bounce: () => startAfter((current) => current.kill()),
    restart: () => startAfter((current) => current[Symbol.asyncDispose]()),
    signal: (signal) => running.signal(signal),
    ready: () => running.ready(),
    words: async () => [name, await running.readiness(), running.words()].join("\n"),
    fault: () => running.fault(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

function openBrokerGate(address: string): Promise<Gate> {
  const port = Number(address.split(":")[1]);
  const rewrite = (reply: Buffer, gatePort: number) => replaceAddress(reply, address, gatePort);
  return openGate({ port, wire: kafkaWire, rewrite });
}
