// A run as a person reads it: test/bench/RESULTS.md.
import type { Goal } from "./goals.ts";
import { judgeGoal, ROUND_COUNT_MIN, type Verdict } from "./judge-goal.ts";
import { noiseOf } from "./noise.ts";
import { figuresOf, type Machine, type Results, type Round } from "./results.ts";
import { show } from "./show.ts";
import { median, type Spread, spread } from "./statistics.ts";

/** What is told of a scenario. */
export type Told = { name: string; title: string; event: string };

type Page = { goals: readonly Goal[]; scenarios: readonly Told[] };

export function resultsPage({ at, machine, plan, rounds }: Results, page: Page): string {
  const told = page.scenarios.filter(({ name }) => rounds.some((round) => name in round));
  const counts = Object.entries(plan).map(([name, count]) => `${name} ${count}`);
  const noise = noiseOf(rounds);
  return [
    "# Us beside what people would use instead",
    "",
    `${at.slice(0, 10)}, ${machineLine(machine)} Written by \`npm run bench\`: ${counts.join(", ")}.`,
    `Medians of ${rounds.length} rounds, in brackets the least and the most; CPU by process.`,
    noise.length === 0 ? "Nobody else used the machine." : noiseLine(noise),
    "Where our time goes, and what limits follow: [BUDGET.md](BUDGET.md). As a plot: [results.svg](results.svg).",
    "",
    ...READING,
    "",
    ...goalLines(
      page.goals.filter(({ scenario }) => told.some(({ name }) => name === scenario)),
      rounds,
    ),
    ...told.flatMap((scenario) => scenarioLines(scenario, rounds)),
  ].join("\n");
}

/** What nobody can guess of the tables. */
const READING = [
  "`ours`: the services that the title names, each a process of its own, on a real broker and Redis. `pass-through`: kafkajs alone, the same records in, records of the same number and size",
  "out, nothing decided or kept. `plain`: what a good team writes in a week, kafkajs' `eachMessage`, Redis, send. `bullmq`: a delayed job for each message, whose work does nothing; `hz` is how often Redis looks.",
  "`kafka-streams`: an application with the same records and decisions for two steps, in RocksDB and its changelog, without stories; tuned where lateness is measured. `bare`: Fastify and kafkajs, which check and keep nothing.",
  "",
  "`cpuUs`: microseconds of CPU of all processes together for each event, by process in the last column. `p50Ms`, `p99Ms`: of HTTP until the answer; of a timer from when it was due until it was decided, of BullMQ until its worker",
  "had the job; `commandP50Ms`, `commandP99Ms` until the next command was on Kafka; `claimP99Ms`, `tickP99Ms`, `decideP99Ms` of a timer's hops: until it is claimed, from there until its tick is on Kafka, and until it is decided. `cores`: of CPU, busy all the time. A ratio is the middle of the rounds' own, of those in which nobody disturbed either where there are three.",
];

/** The whole list is the run's, not the page's. */
function noiseLine(noise: readonly string[]): string {
  return `**NOISY**: others used the machine during ${noise.length} measurements (\`foreignCores\` in results.json); the first: ${noise[0]}.`;
}

export function machineLine({ cores, model, node, pinned }: Machine): string {
  const where =
    pinned === null
      ? "nothing pinned"
      : `servers and generators on core ${pinned.servers}, what is measured on core ${pinned.measured}`;
  return `${cores} cores (${model}), Node ${node}; ${where}.`;
}

function goalLines(goals: readonly Goal[], rounds: readonly Round[]): string[] {
  if (goals.length === 0) return [];
  const head = [
    "| goal | is to be | ours | theirs | is | reached |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return [...head, ...goals.map((goal) => goalRow(judgeGoal(goal, rounds))), ""];
}

function goalRow({ goal, ours, theirs, value, isReached }: Verdict): string {
  const wanted = "atLeast" in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
  const unit = goal.peer === undefined ? "" : "x";
  const is =
    value === undefined ? `needs ${ROUND_COUNT_MIN} rounds` : `${near(value, goal)}${unit}`;
  const word = isReached === undefined ? "-" : isReached ? "yes" : "no";
  const cells = [goal.what, `${wanted}${unit}`, shown(ours), shown(theirs), is, word];
  return `| ${cells.join(" | ")} |`;
}

/** With more digits where three would be the goal's own. */
function near(value: number, goal: Goal): string {
  const wanted = "atLeast" in goal ? goal.atLeast : goal.atMost;
  return value !== wanted && show(value) === show(wanted) ? value.toPrecision(4) : show(value);
}

function scenarioLines({ name, title, event }: Told, rounds: readonly Round[]): string[] {
  const samples = rounds.flatMap((round) => Object.entries(round[name] ?? {}));
  const systems = [...new Set(samples.map(([system]) => system))].toSorted();
  const inOrder = samples.toSorted(([one], [other]) => one.localeCompare(other));
  const figures = [...new Set(inOrder.flatMap(([, sample]) => Object.keys(sample.figures)))];
  return [
    `## ${title}`,
    "",
    `| ${name} | ${figures.join(" | ")} | CPU us per ${event} |`,
    `| --- |${" --- |".repeat(figures.length + 1)}`,
    ...systems.map((system) => {
      const cells = figures.map((figure) =>
        cellOf(figuresOf(rounds, { scenario: name, system, figure })),
      );
      return `| ${system} | ${cells.join(" | ")} | ${cpuCell(rounds, name, system)} |`;
    }),
    "",
  ];
}

function cellOf(values: readonly number[]): string {
  if (values.length === 0) return "-";
  const { middle, least, most }: Spread = spread(values);
  return values.length === 1 ? show(middle) : `${show(middle)} (${show(least)} to ${show(most)})`;
}

function cpuCell(rounds: readonly Round[], scenario: string, system: string): string {
  const samples = rounds.flatMap((round) => round[scenario]?.[system] ?? []);
  const names = Object.keys(samples[0]?.cpuUs ?? {});
  return names
    .map((name) => `${name} ${show(median(samples.map(({ cpuUs }) => cpuUs[name] ?? 0)))}`)
    .join(", ");
}

function shown(value: number | undefined): string {
  return value === undefined ? "-" : show(value);
}
