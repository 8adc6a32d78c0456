// What all measurements share: broker, registry and Redis, clients of them, the cores to be on.
import type { Admin, Kafka } from "kafkajs";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import type { Progress } from "#deploy/infrastructure/progress.ts";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { publishDemo } from "#test/support/demo-settings.ts";
import { outsideClient } from "#test/support/outside-client.ts";
import { type Cores, pin } from "./machine/cores.ts";
import type { Watched } from "./machine/cpu.ts";
import { findInfrastructurePids } from "./machine/infrastructure-pids.ts";
import { keepOnDisk, type PeerRedis, startPeerRedis } from "./peers/peer-redis.ts";
import { buildStreams } from "./peers/streams/streams-jars.ts";
import type { Plan } from "./plan.ts";
import { startService } from "./processes.ts";

/** What a measurement speaks to Kafka with. */
export type Clients = { kafka: Kafka; admin: Admin; producer: Producer; contracts: Contracts };

/** A stretch of a run in which something is measured. */
export type Stretch = {
  /** The processes whose CPU is told, by name. */
  watched: Watched;
  /** What they work with. */
  infrastructure: Infrastructure;
  /** Where a measurement has several, which one it is. */
  part?: "at a steady rate";
};

/** Runs what is measured in a stretch, and resolves with what it resolves with. */
export type Around = <T>(stretch: Stretch, measured: () => Promise<T>) => Promise<T>;

export type Bench = AsyncDisposable &
  Clients & {
    infrastructure: Infrastructure;
    /** For every service. */
    env: Readonly<Record<string, string>>;
    /** Broker and Redis, where they are processes of this machine. */
    watched: Watched;
    /** The peers' Redis, with the settings of ours. */
    peerRedis: PeerRedis;
    /** Null where nothing is kept on cores of its own. */
    cores: Cores | null;
    /** The class path of the Kafka Streams application; null where it cannot be built. */
    streams: string | null;
    plan: Plan;
    /** Does nothing else, but where a budget is read beside. */
    around: Around;
  };

type Options = { plan: Plan; cores: Cores | null; progress: Progress; signal: AbortSignal };

/**
 * Starts what is shared, with topics, schemas, account `demo` and open shards: as processes of this machine, unless the
 * environment says otherwise. Of a container the CPU could not be counted, nor its cores be chosen.
 */
export async function openBench({ plan, cores, progress, signal }: Options): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const config = readInfrastructureConfig({ FALLTHROUGH_INFRA: "processes", ...process.env });
  const infrastructure = stack.use(
    await startTemporaryInfrastructure({ config, progress, signal }),
  );
  const { redisUrl } = infrastructure;
  const watched = await findInfrastructurePids(infrastructure);
  for (const name of ["broker", "redis"].filter((each) => !(each in watched))) {
    progress.say(`NOT COUNTED: the ${name} is no process of this machine that we may look at.`);
  }
  if (infrastructure.source !== "environment") await keepOnDisk(redisUrl);
  const peerRedis = stack.use(await startPeerRedis(redisUrl));
  if (cores) await pin([process.pid, peerRedis.pid, ...Object.values(watched)], cores.servers);
  const clients = stack.use(await openProduct(infrastructure));
  const env = { ...infrastructure.env, ...demoEnv };
  // Ready once it has opened every shard; they stay open as long as this Redis lives.
  await (await startService("delay-scheduler", { env, cores: undefined }))[Symbol.asyncDispose]();
  const streams = await buildStreams(signal).catch((cause: unknown) => {
    progress.say(`Kafka Streams is left out. ${String(cause)}`);
    return null;
  });
  const owned = stack.move();
  const { kafka, admin, producer, contracts } = clients;
  return {
    kafka,
    admin,
    producer,
    contracts,
    infrastructure,
    env,
    watched,
    peerRedis,
    cores,
    streams,
    plan,
    around: (_stretch, measured) => measured(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Topics, schemas and account `demo` on an empty infrastructure, and clients of it. */
export async function openProduct({
  kafkaBrokers: brokers,
  schemaRegistryUrl: registryUrl,
}: Infrastructure): Promise<Clients & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const kafka = outsideClient(brokers);
  const admin = kafka.admin();
  await admin.connect();
  stack.defer(() => admin.disconnect());
  const producer = stack.use(await connectProducer({ brokers, log: createLog("bench", "error") }));
  const contracts = await connectContracts({ registryUrl });
  await publishDemo({ producer, contracts });
  const owned = stack.move();
  return { kafka, admin, producer, contracts, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
