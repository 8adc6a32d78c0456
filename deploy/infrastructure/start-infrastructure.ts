// Kafka, the schema registry and Redis for everything that runs on a developer's machine: `npm
// start`, the demonstration, tests and benchmarks. Each part comes from the first of: a URL in the
// environment, a container, a local process. Disposal stops what was started, and nothing else.
import { join } from "node:path";
import { shownUrl } from "#libs/config/shown-url.ts";
import { broker } from "./broker.ts";
import { type Child, startChild } from "./child.ts";
import type { InfrastructureConfig } from "./config.ts";
import { obstacleToContainers, startContainer } from "./containers.ts";
import { provideJars } from "./jars.ts";
import type { Lifetime, Part } from "./part.ts";
import { endLeftOvers } from "./pid-file.ts";
import { choosePort, freePort } from "./ports.ts";
import type { Progress } from "./progress.ts";
import { redis } from "./redis.ts";
import { registry } from "./registry.ts";
import { SetupError } from "./setup-error.ts";
import { provideTools } from "./system-tools.ts";
import { waitForChild, waitUntil } from "./wait.ts";

const PARTS: readonly Part[] = [broker, registry, redis];
const JAR_FOLDER = join(import.meta.dirname, "../../.fallthrough/lib");
const GIVEN_LIMIT_MS = 10_000;

export type Source = "environment" | "containers" | "local processes";

export type Infrastructure = AsyncDisposable & {
  kafkaBrokers: string[];
  schemaRegistryUrl: string;
  redisUrl: string;
  /** The three of them under the names by which services read them. */
  env: Readonly<Record<string, string>>;
  source: Source;
  /** Resolves with a sentence when a part that was started here ends by itself. */
  failed: Promise<string>;
};

type Options = {
  config: InfrastructureConfig;
  /** Absolute. Holds data, logs and process ids; the archives are shared by all folders. */
  dataDir: string;
  lifetime: Lifetime;
  progress: Progress;
  /** Ends a start that is under way; what was started by then is stopped. */
  signal: AbortSignal;
};
type Started = { part: Part; url: string; child: Child };
type Starter = (part: Part, port: number) => Promise<Child>;

/** Resolves when every part answers its clients. Throws SetupError with nothing left running. */
export async function startInfrastructure(options: Options): Promise<Infrastructure> {
  const { config, dataDir, progress } = options;
  for (const name of await endLeftOvers(dataDir)) {
    progress.say(`Ended the ${name} that an earlier run had left behind`);
  }
  const given = PARTS.filter((part) => config.urls[part.name] !== "");
  const missing = PARTS.filter((part) => config.urls[part.name] === "");
  await Promise.all(given.map((part) => demandAnswer(part, options)));
  const source = await chooseSource(missing, options);
  await using stack = new AsyncDisposableStack();
  const started = await startParts(missing, source, options, stack);
  const urls = { ...config.urls };
  for (const { part, url } of started) urls[part.name] = url;
  const owned = stack.move();
  return {
    kafkaBrokers: urls.broker.split(","),
    schemaRegistryUrl: urls.registry,
    redisUrl: urls.redis,
    env: Object.fromEntries(PARTS.map((part) => [part.urlVariable, urls[part.name]])),
    source,
    failed: firstFailure(started),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function demandAnswer(part: Part, { config, signal, progress }: Options): Promise<void> {
  const url = config.urls[part.name];
  const shown = shownUrl(url);
  if (config.isSecured[part.name]) {
    // Our probes know neither names nor certificates; the services say what they are told.
    return progress.say(`${part.title} at ${shown} is given by ${part.urlVariable}, and secured`);
  }
  if (!(await waitUntil(() => part.answers(url), GIVEN_LIMIT_MS, signal))) {
    throw new SetupError(`${part.urlVariable} is ${shown}, but no ${part.title} answers there.`);
  }
  progress.say(`${part.title} at ${shown} answers (given by ${part.urlVariable})`);
}

async function chooseSource(parts: readonly Part[], options: Options): Promise<Source> {
  if (parts.length === 0) return "environment";
  const { choice } = options.config;
  if (choice === "processes") return "local processes";
  const obstacle = await obstacleToContainers(parts, options);
  if (obstacle === undefined) {
    options.progress.say("A container engine answers and has the images: containers it is");
    return "containers";
  }
  if (choice === "containers") throw new SetupError(`${obstacle} FALLTHROUGH_INFRA demands one.`);
  options.progress.say(`${obstacle} Local processes it is`);
  return "local processes";
}

async function startParts(
  parts: readonly Part[],
  source: Source,
  options: Options,
  stack: AsyncDisposableStack,
): Promise<Started[]> {
  if (parts.length === 0) return [];
  const start =
    source === "containers" ? containerStarter(options) : await processStarter(parts, options);
  const ports = await choosePorts(parts, options);
  const results = await Promise.allSettled(
    parts.map(async (part) => {
      const port = ports.get(part) ?? part.defaultPort;
      const child = stack.use(await start(part, port));
      const url = part.urlOf(port);
      await waitForChild(child, () => part.answers(url), { ...options, title: part.title });
      options.progress.say(`${part.title} is ready at ${url}`);
      return { part, url, child };
    }),
  );
  // Only now: a start that goes on while its neighbour's failure is handled would leave a process.
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** One after the other, so that no two are given the same. */
async function choosePorts(parts: readonly Part[], { config, lifetime, progress }: Options) {
  const ports = new Map<Part, number>();
  for (const part of parts) {
    const wish = { ...part, owner: part.title, asked: config.ports[part.name] };
    const isFree = lifetime === "temporary" && wish.asked === 0;
    ports.set(part, isFree ? await freePort() : await choosePort(wish, progress));
  }
  return ports;
}

function containerStarter(options: Options): Starter {
  return (part, port) => startContainer(part, { ...options, port });
}

async function processStarter(parts: readonly Part[], options: Options): Promise<Starter> {
  const { config, dataDir, progress, signal } = options;
  const needsJava = parts.some((part) => part !== redis);
  const wanted = needsJava ? (["java"] as const) : [];
  const tools = await provideTools(parts.includes(redis) ? [...wanted, "redis-server"] : wanted, {
    javaHome: config.javaHome,
    progress,
    signal,
  });
  const jars = needsJava
    ? await provideJars({ folder: JAR_FOLDER, baseUrl: config.mavenBaseUrl, progress, signal })
    : { brokerClasspath: "", registryJar: "" };
  return async (part, port) =>
    startChild(await part.asProcess({ ...options, port, tools, jars }), dataDir);
}

function firstFailure(started: readonly Started[]): Promise<string> {
  return Promise.race(
    started.map(async ({ part, child }) => {
      await child.exited;
      return `The ${part.title} ended by itself. Its last words:\n${await child.logEnding()}`;
    }),
  );
}
