// The life of a process: read the environment, start, say ready, wait for the end, stop in order.
import { isListenerOff, readListener } from "#libs/config/listeners.ts";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";
import type { RetriableError } from "#libs/errors.ts";
import { printableLines } from "#libs/printable.ts";
import { createLog, type Log } from "#libs/telemetry/log.ts";
import { serveHealth } from "./health-server.ts";
import type { RunningService, ServiceDefinition } from "./service.ts";
import { startPatiently } from "./start-patiently.ts";

/** How long a graceful stop may take, ms: below the 30 s after which orchestrators kill. */
const STOP_LIMIT_MS = 25_000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Runs one service until SIGTERM, SIGINT or a fatal fault. Exits with 0 after a graceful stop, with
 * 1 after a fault; a wrong environment lists all its faults and exits with 1. A start that meets a
 * dependency that is away waits for it.
 */
export async function runService<Config>(
  service: ServiceDefinition<Config>,
  env: Env,
): Promise<void> {
  const warnings: string[] = [];
  const { config, process: settings } = readOrExit(service, env, (each) => warnings.push(each));
  const log = createLog(service.name, settings.logLevel);
  for (const sentence of warnings) log.warn(sentence);
  const { ended, end, stopping } = endOfProcess(log);
  await using resources = new AsyncDisposableStack();
  let running: RunningService | undefined;
  let startFault = "It starts.";
  const whyNotReady = () => running?.whyNotReady() ?? [startFault];
  const { health } = settings;
  const degraded = () => running?.degraded?.() ?? [];
  if (health) resources.use(await serveHealth({ ...health, whyNotReady, degraded, log }));
  const onFatal = (error: unknown) => end(error);
  const onWait = (fault: RetriableError) => {
    startFault = `It cannot start yet: ${fault.message}`;
  };
  const start = () => service.start(config, { log, onFatal });
  try {
    running = await startPatiently(start, { log, onWait, stop: stopping });
    if (running) resources.use(running);
    log.info({ metricsPort: health?.port }, running ? "started" : "not started");
  } catch (error) {
    end(error);
  }
  await ended;
}

function readProcessSettings(read: EnvReader) {
  const levels = ["debug", "info", "warn", "error"] as const;
  return {
    logLevel: read.oneOf("LOG_LEVEL", levels, "info"),
    health: isListenerOff(read, "metrics") ? undefined : readListener(read, "metrics"),
  };
}

function readOrExit<Config>(
  service: ServiceDefinition<Config>,
  env: Env,
  onWarning: (sentence: string) => void,
) {
  const read = (reader: EnvReader) => ({
    config: service.readConfig(reader),
    process: readProcessSettings(reader),
  });
  try {
    return readEnv(env, read, onWarning);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(printableLines(`${service.name}: ${error.message}\n`));
    process.exit(1);
  }
}

function endOfProcess(log: Log) {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const stopSoon = () => {
    stop.abort();
    resolve();
    // A stop that hangs must not outlive the orchestrator's patience.
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  };
  const end = (error: unknown) => {
    log.fatal({ err: error }, "the service cannot go on");
    process.exitCode = 1;
    stopSoon();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      stopSoon();
    });
  }
  process.once("uncaughtException", end);
  process.once("unhandledRejection", end);
  return { ended, end, stopping: stop.signal };
}
