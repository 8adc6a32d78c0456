// The product under pressure: every service in a process of its own, and what kills and starts one again.
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";
import { connectUpstream } from "#test/support/upstream.ts";

const NAMES = [
  "carrier-simulator",
  "receipt-bridge",
  "status-report-consumer",
  "channel-dispatcher",
  "timer-tick-consumer",
  "send-request-consumer",
  "delay-scheduler",
  "api",
] as const;

/** 60 s become 1.2 s, carriers answer at once. */
const TIME_SCALE = 0.02;

type Name = (typeof NAMES)[number];

export type PressedProduct = AsyncDisposable & {
  places: Places;
  upstream: Awaited<ReturnType<typeof connectUpstream>>;
  kill(name: Name): Promise<void>;
  /** Starts one that was killed. Resolves once its process runs, ready or not. */
  start(name: Name): Promise<void>;
  /** Kills the dispatcher, and starts one that calls its carriers there. Resolves once that is ready. */
  callCarriersAt(url: string): Promise<void>;
  residentMib(name: Name): Promise<number>;
};

/** Resolves when every service is ready, on infrastructure of its own. */
export async function startPressedProduct(): Promise<PressedProduct> {
  await using opened = new AsyncDisposableStack();
  const infrastructure = opened.use(
    await startTemporaryInfrastructure({
      config: readInfrastructureConfig(process.env),
      progress: createProgress(),
      signal: stopSignal(),
    }),
  );
  const places = await choosePlaces(TIME_SCALE, infrastructure);
  await migrate({ ...places, sizes: defaultTopicSizes });
  const running = new Map<Name, ServiceProcess>();
  const start = async (name: Name, more: Readonly<Record<string, string>> = {}) =>
    void running.set(name, await startService(name, { ...places.env, ...more }));
  const kill = async (name: Name) => await running.get(name)?.kill();
  opened.defer(async () => {
    for (const service of running.values()) await service[Symbol.asyncDispose]();
  });
  for (const name of NAMES) await start(name);
  await Promise.all([...running.values()].map((service) => service.ready()));
  const upstream = opened.use(await connectUpstream(places));
  const resources = opened.move();
  return {
    places,
    upstream,
    start,
    kill,
    async callCarriersAt(url) {
      await kill("channel-dispatcher");
      await start("channel-dispatcher", { CARRIER_URL: url });
      await running.get("channel-dispatcher")?.ready();
    },
    residentMib: async (name) => toMib((await running.get(name)?.metrics()) ?? ""),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function toMib(metrics: string): number {
  const [, bytes] = /^process_resident_memory_bytes (\S+)/m.exec(metrics) ?? [];
  return Math.round(Number(bytes ?? 0) / 2 ** 20);
}
