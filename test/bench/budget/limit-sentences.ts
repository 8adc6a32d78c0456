// The sentences about a goal that is not reached, each for one kind of figure. All numbers are the run's.
import { topics } from "#libs/contracts/topics.ts";
import type { Verdict } from "../figures/judge-goal.ts";
import { figuresOf, type Machine, type Results } from "../figures/results.ts";
import { show } from "../figures/show.ts";
import { median } from "../figures/statistics.ts";
import type { LoadBudget } from "./budget.ts";
import { type Cost, costsOf, ownedUs, serversOf, servicesOf, sum, totalUs } from "./costs.ts";

/** Of what is ours, so many are named. */
const NAMED_COUNT_MAX = 4;

export type Measured = { machine: Machine; loads: readonly LoadBudget[] };

/** What the goal asks for, in the figure's own unit. */
function wantedOf({ goal, theirs }: Verdict): number {
  const wanted = "atLeast" in goal ? goal.atLeast : goal.atMost;
  return goal.peer === undefined ? wanted : wanted * (theirs ?? 0);
}

export function rateSentence(
  verdict: Verdict,
  load: LoadBudget,
  { machine, results }: { machine: Machine; results: Results },
): string {
  const { event, eventCount } = load;
  const cores = measuredCores(machine);
  const wanted = wantedOf(verdict);
  const roomUs = (cores * 1_000_000) / wanted;
  const costs = servicesOf(load).flatMap(([, process]) => costsOf(process, eventCount));
  const [client, node] = [ownedUs(costs, "client"), ownedUs(costs, "node")];
  const most = (cores * 1_000_000) / client;
  const bareMost = (cores * 1_000_000) / (client + node);
  const verb =
    most < wanted
      ? "not before the clients cost less"
      : bareMost < wanted
        ? "not before Node's part costs less"
        : "what is ours is the limit";
  return [
    `it asks for ${show(wanted)} a second, so ${show(roomUs)} us of ${coresWord(cores)} for each ${event}.`,
    `Our services take ${show(sum(costs.map(({ us }) => us)))} us there: ${show(client)} in what the clients of Kafka, Avro and Redis do, ${show(node)} in Node itself,`,
    `${show(ownedUs(costs, "ours"))} in what is ours (${biggestOf(costs)}). If all that is ours cost nothing, ${show(bareMost)} a second would be the most, and ${show(most)}`,
    `if Node itself did not, either: ${show(most / wanted)} of what is asked for, so ${verb}.`,
    ...serversSentence(load, machine),
    ...barestSentence(load, results),
  ].join(" ");
}

/** Servers have cores of their own where processes are kept on some. */
function serversSentence(load: LoadBudget, { pinned }: Machine): string[] {
  if (pinned === null) return [];
  const us = sum(serversOf(load).map(([, process]) => totalUs(process, load.eventCount)));
  const count = coreCount(pinned.servers);
  const names = serversOf(load).map(([name]) => name);
  return [
    `On ${coresWord(count)} beside: ${names.join(", ")} with ${show(us)} us for each, which allows ${show((count * 1_000_000) / us)} a second.`,
  ];
}

/** Whoever decides nothing and stores nothing, and writes the same. */
function barestSentence({ name }: LoadBudget, { rounds }: Results): string[] {
  const place = { scenario: name, system: "pass-through", figure: "perSecond" };
  const rates = figuresOf(rounds, place);
  if (rates.length === 0) return [];
  return [`kafkajs alone, which decides and stores nothing, does ${show(median(rates))}.`];
}

export function cpuSentence(verdict: Verdict, load: LoadBudget): string {
  const { event, eventCount } = load;
  const wanted = wantedOf(verdict);
  const costs = servicesOf(load).flatMap(([, process]) => costsOf(process, eventCount));
  const servers = serversOf(load).map(([name, process]) => {
    return { name, us: totalUs(process, eventCount) };
  });
  const [client, node] = [ownedUs(costs, "client"), ownedUs(costs, "node")];
  const least = client + sum(servers.map(({ us }) => us));
  const named = servers.map(({ name, us }) => `${name} ${show(us)}`).join(", ");
  return [
    `it asks for ${show(wanted)} us for each ${event}. It is ${named}, the clients in our services ${show(client)}, Node itself ${show(node)}, and what is ours`,
    `${show(ownedUs(costs, "ours"))} (${biggestOf(costs)}). If all that is ours cost nothing, ${show(least + node)} us would be left, and ${show(least)} if Node itself did not,`,
    `either: ${show(least / wanted)} of what is asked for${least > wanted ? ", so not before clients and servers cost less." : "."}`,
  ].join(" ");
}

export function memorySentence(verdict: Verdict, load: LoadBudget, { rounds }: Results): string {
  const place = { scenario: "take", system: "ours", figure: "contentBytes" };
  const contents = figuresOf(rounds, place);
  const contentBytes = contents.length === 0 ? 0 : median(contents);
  const stateBytes = load.topics[topics.messageJournal.name]?.valueBytes ?? 0;
  const wanted = wantedOf(verdict);
  const besideContent = stateBytes - contentBytes;
  return [
    `it asks for ${show(wanted)} bytes. The state of an open message, as it lies there and on the journal, has ${show(stateBytes)}; without the content, which is not`,
    `counted, ${show(besideContent)}: ${show(besideContent / wanted)} of what is asked for, before a key, a timer, a place in its account's list and Redis' own tables.`,
  ].join(" ");
}

export function latenessSentence({ machine, loads }: Measured, { rounds, plan }: Results): string {
  const samples = rounds.flatMap((round) => round["lateness"]?.["ours"] ?? []);
  const services = new Set(loads.flatMap((load) => servicesOf(load).map(([name]) => name)));
  const perTimer = samples.map(({ cpuUs }) => {
    return sum(Object.entries(cpuUs).flatMap(([name, us]) => (services.has(name) ? [us] : [])));
  });
  const [rate, us] = [plan["timersPerSecond"] ?? 0, median(perTimer)];
  const cores = measuredCores(machine);
  const bulk = loads.find(({ name }) => name === "fire");
  const bulkUs =
    bulk && sum(servicesOf(bulk).map(([, process]) => totalUs(process, bulk.eventCount)));
  return [
    `at ${show(rate)} timers a second our services take ${show(us)} us for each, which is ${percentOf((rate * us) / (cores * 1_000_000))} of ${coresWord(cores)}:`,
    "the fuller it is, the longer each of them waits for its turn there.",
    bulkUs === undefined ? "" : `Where many fire at once, one takes ${show(bulkUs)} us.`,
  ].join(" ");
}

function biggestOf(costs: readonly Cost[]): string {
  const byName = Map.groupBy(
    costs.filter(({ owner }) => owner === "ours"),
    ({ name }) => name,
  );
  return [...byName]
    .map(([name, all]) => ({ name, us: sum(all.map(({ us }) => us)) }))
    .toSorted((a, b) => b.us - a.us)
    .slice(0, NAMED_COUNT_MAX)
    .map(({ name, us }) => `${name} ${show(us)}`)
    .join(", ");
}

function measuredCores({ pinned, cores }: Machine): number {
  return pinned === null ? cores : coreCount(pinned.measured);
}

/** Of `2` or `2-3`. */
function coreCount(list: string): number {
  const [first = 0, last = first] = list.split("-").map(Number);
  return last - first + 1;
}

function coresWord(count: number): string {
  return count === 1 ? "a core" : `${count} cores`;
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}
