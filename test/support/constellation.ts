// The product as it is deployed: every service a process of its own, each of which can be killed.
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { choosePlaces, type InfrastructureEnv, type Places } from "#test/support/places.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

export const serviceNames = [
  "carrier-simulator",
  "receipt-bridge",
  "status-report-consumer",
  "channel-dispatcher",
  "timer-tick-consumer",
  "send-request-consumer",
  "delay-scheduler",
  "api",
] as const;
export type ServiceName = (typeof serviceNames)[number];

type ConstellationOptions = {
  timeScale: number;
  infrastructure: InfrastructureEnv;
  env?: Readonly<Record<string, string>>;
};

export type Constellation = AsyncDisposable & {
  places: Places;
  /** SIGKILLs the service and starts it again at the same addresses; resolves once that runs. */
  bounce(name: ServiceName): Promise<void>;
  /** Resolves when every service is ready. */
  ready(): Promise<void>;
  /** The last words of services that ended by themselves: there should be none. */
  faults(): string[];
};

/** Creates topics and registers schemas, as a deployment does, then starts every service. */
export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  const places = await choosePlaces(options.timeScale, options.infrastructure);
  const { brokers, registryUrl } = places;
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const running = new Map<ServiceName, ServiceProcess>();
  const each = (act: (service: ServiceProcess) => PromiseLike<void>) =>
    Promise.all([...running.values()].map(act));
  const start = async (name: ServiceName) =>
    void running.set(name, await startService(name, { ...places.env, ...options.env }));
  await using opened = new AsyncDisposableStack();
  opened.defer(async () => void (await each((service) => service[Symbol.asyncDispose]())));
  for (const name of serviceNames) await start(name);
  await each((service) => service.ready());
  const resources = opened.move();
  return {
    places,
    async bounce(name) {
      await running.get(name)?.kill();
      await start(name);
    },
    ready: async () => void (await each((service) => service.ready())),
    faults: () => [...running.values()].flatMap((service) => service.fault() ?? []),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
