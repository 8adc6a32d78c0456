// The budget as a person reads it: test/bench/BUDGET.md.
import type { Goal } from "../figures/goals.ts";
import { isQuiet } from "../figures/noise.ts";
import type { Machine, Results } from "../figures/results.ts";
import { machineLine } from "../figures/results-page.ts";
import { show } from "../figures/show.ts";
import type { LoadBudget, ProcessBudget } from "./budget.ts";
import {
  bytesOf,
  type Cost,
  costsOf,
  inOrder,
  serversOf,
  servicesOf,
  sum,
  totalUs,
} from "./costs.ts";
import { limitLines } from "./limits.ts";

/** Of Redis' commands and a server's threads, those that take less are left out. */
const SHOWN_US_MIN = 0.05;

/** A profiler costs a tenth at most: rates that are further apart say that something else has changed. */
const RATES_APART_MAX = 1.3;

type Budget = { at: string; machine: Machine; loads: readonly LoadBudget[] };
/** The rounds that are judged by the goals: of this run, or those that are committed. */
type Judged = { goals: readonly Goal[]; results: Results };

export function budgetPage({ at, machine, loads }: Budget, judged: Judged): string {
  const noisy = loads.filter((load) => !isQuiet(load));
  return [
    "# Where the time goes",
    "",
    `${at.slice(0, 10)}, ${machineLine(machine)} Written by \`npm run bench\`, and by \`npm run bench -- --only budget\` alone.`,
    noisy.length > 0
      ? `**NOISY**: others used the machine during ${noisy.length} of ${loads.length} loads, which say so.`
      : "Nobody else used the machine.",
    "",
    "Each load ran twice. CPU, bytes and counts are of the run without a profiler; of the CPU of a service's main thread each stage has the share of V8's samples",
    "that it has in the run with one. `test/bench/budget/stage-table.ts` says what is which stage, and whose: a `client`'s is what whoever works with Kafka, Avro, Redis and HTTP",
    "has to do in some way (where we do it in a library's place, too), `node` is the engine, the rest is `ours`. The engine's part is not ours to write, but some of it is ours to cause: it collects what we",
    "allocate, and compiles what we run. What is sent to Redis is in load, join, claim, commit and ack, so it counts as ours; answers are read by Redis' connection. Of a broker, C1 and C2 are its JVM's",
    "compilers: they are most of a broker that has just been started, and next to nothing of one that has run for an hour. Threads have the first fifteen letters of their names. The profiles are kept under `.fallthrough/bench`: Chrome's DevTools and speedscope show",
    "them as flame graphs.",
    "",
    ...loads.flatMap((load) => loadLines(load)),
    ...limitLines({ machine, loads }, judged),
  ].join("\n");
}

function loadLines(load: LoadBudget): string[] {
  const { title, event } = load;
  const busy = load.foreignCores.toFixed(2);
  return [
    `## ${title}`,
    "",
    `${show(load.eventCount)} times${rateWords(load)}.`,
    ...(isQuiet(load) ? [] : [`**NOISY**: others kept ${busy} cores busy meanwhile.`]),
    "",
    ...overallLines(load),
    ...servicesOf(load).flatMap(([name, process]) => serviceLines(name, process, load)),
    ...serversOf(load).flatMap(([name, process]) => serverLines(name, process, load)),
    ...redisLines(load),
    ...topicLines(load, event),
  ];
}

function rateWords({ perSecond, profiledPerSecond }: LoadBudget): string {
  if (perSecond === null) return "";
  if (profiledPerSecond === null) return ` at ${show(perSecond)} a second`;
  const apart = Math.max(perSecond, profiledPerSecond) / Math.min(perSecond, profiledPerSecond);
  const doubt = apart > RATES_APART_MAX ? ", so one of both runs was no usual one" : "";
  return `; ${show(perSecond)} a second, ${show(profiledPerSecond)} while it was profiled${doubt}`;
}

/** All processes, by stage, for each event. */
function overallLines(load: LoadBudget): string[] {
  const { event, eventCount } = load;
  const { bytesIn, bytesOut } = load.redis;
  const services = servicesOf(load).map(([name, process]) => {
    const bytes: Readonly<Record<string, number>> = bytesOf(process, load);
    return { name, costs: costsOf(process, eventCount), bytes };
  });
  const servers = serversOf(load).map(([name, process]) => {
    return { name, us: totalUs(process, eventCount) };
  });
  const costs = services.flatMap((service) => service.costs);
  const all = sum([...costs, ...servers].map(({ us }) => us));
  const rows = [...Map.groupBy(inOrder(costs), ({ name }) => name)].map(([name, same]) => {
    const each = services.map((service) => service.costs.find((cost) => cost.name === name)?.us);
    const bytes = sum(services.map((service) => service.bytes[name] ?? 0));
    const us = sum(same.map((cost) => cost.us));
    const owner = same[0]?.owner ?? "";
    return [
      name,
      owner,
      ...each.map(shown),
      show(us),
      percent(us, all),
      bytes > 0 ? show(bytes) : "",
    ];
  });
  const blanks = services.map(() => "");
  const ends = servers.map(({ name, us }) => {
    const bytes = name === "redis" ? show((bytesIn + bytesOut) / eventCount) : "";
    return [name, "", ...blanks, show(us), percent(us, all), bytes];
  });
  const totals = services.map((service) => show(sum(service.costs.map(({ us }) => us))));
  return table(
    [
      "stage",
      "whose",
      ...services.map(({ name }) => name),
      `us per ${event}`,
      "share",
      `bytes per ${event}`,
    ],
    [...rows, ...ends, ["all", "", ...totals, show(all), "100 %", ""]],
  );
}

function shown(us: number | undefined): string {
  return us === undefined ? "" : show(us);
}

function serviceLines(name: string, process: ProcessBudget, load: LoadBudget): string[] {
  const { event, eventCount } = load;
  const { profile, transitionCount } = process;
  const costs = costsOf(process, eventCount);
  const all = sum(costs.map(({ us }) => us));
  // What stores no transition is divided by its events.
  const each = (transitionCount ?? eventCount) / eventCount;
  const unit = transitionCount === null ? event : "transition";
  const bytes: Readonly<Record<string, number>> = bytesOf(process, load);
  const rows = costs.map((cost) => {
    const ofStage = bytes[cost.name];
    const bytesCell = ofStage === undefined ? "" : show(ofStage / each);
    return [cost.name, cost.owner, show(cost.us / each), percent(cost.us, all), bytesCell];
  });
  const total = ["all", "", show(all / each), "100 %", ""];
  const head = ["stage", "whose", `us per ${unit}`, "share", `bytes per ${unit}`];
  const intro =
    transitionCount === null
      ? "It stores no transition."
      : `Transitions per ${event}: ${show(each)}.`;
  return [`### ${name}`, "", intro, "", ...table(head, [...rows, total]), ...otherLines(profile)];
}

function otherLines(profile: ProcessBudget["profile"]): string[] {
  if (!profile || profile.others.length === 0) return [];
  const all = sum(Object.values(profile.stages));
  const named = profile.others.map(({ place, sampleCount }) => {
    return `\`${place}\` ${percent(sampleCount, all)}`;
  });
  return [`Of what has no stage: ${named.join(", ")}.`, ""];
}

function serverLines(name: string, process: ProcessBudget, load: LoadBudget): string[] {
  const { event, eventCount } = load;
  const all = totalUs(process, eventCount);
  const rows = costsOf(process, eventCount)
    .filter(({ us }) => us >= SHOWN_US_MIN)
    .map((cost: Cost) => [cost.name, show(cost.us), percent(cost.us, all)]);
  const head = ["thread", `us per ${event}`, "share"];
  return [`### ${name}`, "", ...table(head, [...rows, ["all", show(all), "100 %"]])];
}

function redisLines({ redis, event, eventCount }: LoadBudget): string[] {
  const rows = Object.entries(redis.commands)
    .map(([name, { calls, us }]) => ({ name, calls: calls / eventCount, us: us / eventCount }))
    .filter(({ us }) => us >= SHOWN_US_MIN)
    .toSorted((a, b) => b.us - a.us)
    .map(({ name, calls, us }) => [name, show(calls), show(us)]);
  return [
    "### Redis by command",
    "",
    `By its own count, which has what a script calls in \`evalsha\`, too; ${show(redis.bytesIn / eventCount)} bytes to it and ${show(redis.bytesOut / eventCount)} from it per ${event}.`,
    "",
    ...table(["command", `calls per ${event}`, `us per ${event}`], rows),
  ];
}

function topicLines({ topics, eventCount }: LoadBudget, event: string): string[] {
  if (Object.keys(topics).length === 0) return [];
  const rows = Object.entries(topics).map(([name, { recordCount, recordBytes, storedBytes }]) => [
    name,
    show(recordCount / eventCount),
    show(recordBytes),
    show(storedBytes),
    show((storedBytes * recordCount) / eventCount),
  ]);
  const head = [
    "topic",
    `records per ${event}`,
    "bytes of each",
    "as Kafka stores it",
    `stored bytes per ${event}`,
  ];
  return ["### Topics", "", ...table(head, rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => "---")), ...rows.map(row), ""];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function percent(part: number, all: number): string {
  return all === 0 ? "0 %" : `${((part * 100) / all).toFixed(1)} %`;
}
