// What a life costs all processes together: every service in one process, each in its own, and two of each that
// share the work. Carriers are the simulated ones, over HTTP, and each system has servers of its own.
import { topics } from "#libs/contracts/topics.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces } from "#test/support/places.ts";
import { type Bench, openProduct } from "../bench.ts";
import { LONG_WAIT_SECONDS, produceRequests } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { pin } from "../machine/cores.ts";
import { findInfrastructurePids } from "../machine/infrastructure-pids.ts";
import { startServices } from "../processes.ts";
import { workOff } from "./backlog.ts";
import type { Scenario } from "./scenario.ts";

/** Those that listen where the others call them: there is one of each. */
const LISTENERS = ["carrier-simulator", "receipt-bridge"];
const CONSUMERS = [
  "delay-scheduler",
  "send-request-consumer",
  "status-report-consumer",
  "timer-tick-consumer",
  "channel-dispatcher",
  "webhook-notifier",
];
/** Receipts of the simulated carriers come at once. */
const TIME_SCALE = 0.005;

export const scale: Scenario = {
  name: "scale",
  title: "whole lives with simulated carriers: what all processes together spend",
  event: "message",
  systems: {
    "all in one": (bench) => live(bench, ["all-in-one"]),
    separate: (bench) => live(bench, [...LISTENERS, ...CONSUMERS]),
    "two of each": (bench) => live(bench, [...LISTENERS, ...CONSUMERS, ...CONSUMERS]),
  },
};

async function live(bench: Bench, names: readonly string[]): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const { cores, plan } = bench;
  const infrastructure = stack.use(await startOwnInfrastructure());
  const servers = await findInfrastructurePids(infrastructure);
  if (cores) await pin(Object.values(servers), cores.servers);
  const clients = stack.use(await openProduct(infrastructure));
  const { env } = await choosePlaces(TIME_SCALE, infrastructure);
  const own = {
    ...bench,
    ...clients,
    infrastructure,
    plan: { ...plan, messageCount: plan.lifeCount },
  };
  const started = await startServices(names, { env, cores: cores?.measured });
  const named = started.map((each, index) => [`${names[index]} ${index}`, each] as const);
  return await workOff(own, {
    running: Object.fromEntries(named),
    watched: servers,
    fill: (count) =>
      produceRequests(clients, {
        count,
        topic: topics.sendRequests.name,
        waitSeconds: LONG_WAIT_SECONDS,
      }),
    written: { topic: topics.messageOutcomes.name, perMessage: 1 },
  });
}
