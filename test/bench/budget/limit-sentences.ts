// The sentences about a goal that is not reached, each for one kind of figure. All numbers are the run's.
import { topics } from "#libs/contracts/topics.ts";
import type { Verdict } from "../figures/judge-goal.ts";
import { figuresOf, type Machine, type Results } from "../figures/results.ts";
import { show } from "../figures/show.ts";
import { median } from "../figures/statistics.ts";
import { HOPS, type Hop } from "../scenarios/hops.ts";
import type { LoadBudget } from "./budget.ts";
import { coreCount, coresWord, measuredCores } from "./core-count.ts";
import { serversOf, servicesOf, sum, totalUs } from "./costs.ts";
import { biggestOf, leftVerb, takenBy } from "./taken.ts";

export type Run = { machine: Machine; results: Results };

/** What the goal asks for, in the figure's own unit. */
export function wantedOf({ goal, theirs }: Verdict): number {
  const wanted = "atLeast" in goal ? goal.atLeast : goal.atMost;
  return goal.peer === undefined ? wanted : wanted * (theirs ?? 0);
}

/** Of a rate: how much of a core it leaves for each event, and what of that is taken. */
export function rateSentence(verdict: Verdict, load: LoadBudget, run: Run): string {
  const { event } = load;
  const cores = measuredCores(run.machine);
  const wanted = wantedOf(verdict);
  const { all, client, node, ours, costs } = takenBy(load);
  const rateOf = (us: number) => (cores * 1_000_000) / us;
  const [most, bareMost] = [rateOf(client), rateOf(client + node)];
  const verb = leftVerb(
    rateOf(wanted),
    { withNode: client + node, least: client },
    "cheaper clients",
  );
  return [
    `it asks for ${show(wanted)} a second, so ${show(rateOf(wanted))} us of ${coresWord(cores)} for each ${event}.`,
    `Our services take ${show(all)} us there: ${show(client)} in what the clients of Kafka, Avro, Redis and HTTP do, ${show(node)} in Node itself,`,
    `${show(ours)} in what is ours (${biggestOf(costs)}). If all that is ours cost nothing, ${show(bareMost)} a second would be the most, and ${show(most)}`,
    `if Node itself cost nothing either: ${show(most / wanted)} of what is asked for, so ${verb}.`,
    ...serversSentence(load, { machine: run.machine, wanted }),
    ...barestSentence(load, { ...run, figure: "perSecond" }),
  ].join(" ");
}

/** Servers have cores of their own where processes are kept on some. */
function serversSentence(
  load: LoadBudget,
  { machine: { pinned }, wanted }: { machine: Machine; wanted: number },
): string[] {
  if (pinned === null) return [];
  const us = sum(serversOf(load).map(([, process]) => totalUs(process, load.eventCount)));
  const count = coreCount(pinned.servers);
  const names = serversOf(load).map(([name]) => name);
  const most = (count * 1_000_000) / us;
  const verb = most < wanted ? ", less than is asked for, too" : "";
  return [
    `On ${coresWord(count)} beside: ${names.join(", ")} with ${show(us)} us for each, which allows ${show(most)} a second${verb}.`,
  ];
}

/** Whoever decides nothing and stores nothing, by scenario. */
const BAREST: Readonly<Record<string, { system: string; what: string }>> = {
  take: { system: "pass-through", what: "kafkajs alone, which decides and stores nothing," },
  http: { system: "bare", what: "Fastify with kafkajs alone, which checks and keeps nothing," },
};
const VERBS = { perSecond: "does", p99Ms: "has" };

function barestSentence(
  { scenario }: LoadBudget,
  { results, figure }: { results: Results; figure: "perSecond" | "p99Ms" },
): string[] {
  const barest = BAREST[scenario];
  if (!barest) return [];
  const values = figuresOf(results.rounds, { scenario, system: barest.system, figure });
  return values.length === 0 ? [] : [`${barest.what} ${VERBS[figure]} ${show(median(values))}.`];
}

/** Of CPU for each event, that of servers included. */
export function cpuSentence(verdict: Verdict, load: LoadBudget): string {
  const { event, eventCount } = load;
  const wanted = wantedOf(verdict);
  const { client, node, ours, costs } = takenBy(load);
  const servers = serversOf(load).map(([name, process]) => {
    return { name, us: totalUs(process, eventCount) };
  });
  const least = client + sum(servers.map(({ us }) => us));
  const named = servers.map(({ name, us }) => `${name} ${show(us)}`).join(", ");
  const verb = leftVerb(wanted, { withNode: least + node, least }, "cheaper clients and servers");
  return [
    `it asks for ${show(wanted)} us for each ${event}. It is ${named}, the clients in our services ${show(client)}, Node itself ${show(node)}, and what is ours`,
    `${show(ours)} (${biggestOf(costs)}). If all that is ours cost nothing, ${show(least + node)} us would be left, and ${show(least)} if Node itself cost nothing`,
    `either: ${show(least / wanted)} of what is asked for, so ${verb}.`,
  ].join(" ");
}

/** Of Redis' memory for an open message: what it takes beside its state, and how large that is. */
export function memorySentence(verdict: Verdict, load: LoadBudget, { rounds }: Results): string {
  const place = { scenario: "take", system: "ours", figure: "contentBytes" };
  const contents = figuresOf(rounds, place);
  const contentBytes = contents.length === 0 ? 0 : median(contents);
  const stateBytes = load.topics[topics.messageJournal.name]?.valueBytes ?? 0;
  const wanted = wantedOf(verdict);
  if (load.messageBytes === null) {
    return `it asks for ${show(wanted)} bytes. No message was left open there, whose parts could be told.`;
  }
  const { key, timer, listed } = load.messageBytes;
  const besideState = key + timer + listed;
  const besideContent = stateBytes - contentBytes;
  return [
    `it asks for ${show(wanted)} bytes. By Redis' own account a timer takes ${show(timer)}, a place in an account's list ${show(listed)}, and the key of a state, without it, ${show(key)}:`,
    `${show(besideState)} together, before the tables that hold the keys. The state, as it lies there and on the journal, has ${show(stateBytes)}; without the content, which is not counted, ${show(besideContent)}.`,
    besideState + besideContent <= wanted
      ? "That is less: only Redis' tables are in the way."
      : roomSentence(wanted - besideState, besideContent),
  ].join(" ");
}

function roomSentence(room: number, stateBytes: number): string {
  return room <= 0
    ? "So not while an open message has all three, however small its state is."
    : `So not before a state without content is ${show(room / stateBytes)} of what it is: it has the message's steps, attempts and story.`;
}

/** Of what comes at a rate of its own: how full that makes the cores, and for how long whoever comes finds one busy. */
export function waitSentence(verdict: Verdict, load: LoadBudget, run: Run): string {
  const { machine, results } = run;
  const { event, perSecond } = load;
  const { all, client, node, ours, costs } = takenBy(load);
  const cores = measuredCores(machine);
  const share = (us: number) => percentOf((us * (perSecond ?? 0)) / (cores * 1_000_000));
  return [
    `at ${show(perSecond ?? 0)} ${event}s a second our services take ${show(all)} us for each, ${share(all)} of ${coresWord(cores)}: ${show(client)} in the clients, ${show(node)} in Node itself,`,
    `${show(ours)} in what is ours (${biggestOf(costs)}). If all that is ours cost nothing, ${share(client + node)} would be busy, and ${share(client)} if Node itself cost nothing either.`,
    `One in a hundred finds ${waitWords(load)}. ${explained(verdict, load)}`,
    ...barestSentence(load, { results, figure: "p99Ms" }),
  ].join(" ");
}

/** How much of what was measured a busy process is: the way goes through all of them. The rest are waits for the core. */
function explained({ ours = 0 }: Verdict, load: LoadBudget): string {
  const waits = servicesOf(load).flatMap(([, { profile }]) => profile?.waits ?? []);
  const [ms, withoutOursMs] = [
    sum(waits.map((each) => each.ms)),
    sum(waits.map((each) => each.withoutOursMs)),
  ];
  return [
    `Together that is ${show(ms)} of the ${show(ours)} ms that were measured, and ${show(withoutOursMs)} without ours.`,
    `They also wait for each other's core: ready to run and without one were ${queueWords(load)} of the time.`,
    ...hopsSentence(load),
  ].join(" ");
}

function queueWords(load: LoadBudget): string {
  const each = servicesOf(load).map(([name, { queuedMs }]) => {
    return `${name} ${percentOf(queuedMs / load.tookMs)}`;
  });
  return each.join(", ");
}

const HOP_WORDS: Readonly<Record<Hop, string>> = {
  claim: "until it is claimed",
  tick: "from there until its tick is on Kafka",
  decide: "from there until it is decided",
};

function hopsSentence({ hops }: LoadBudget): string[] {
  const each = HOPS.flatMap((hop) => {
    const ms = hops[hop];
    return ms === undefined ? [] : [`${show(ms)} ms ${HOP_WORDS[hop]}`];
  });
  return each.length === 0 ? [] : [`One in a hundred takes ${each.join(", ")}.`];
}

function waitWords(load: LoadBudget): string {
  const each = servicesOf(load).flatMap(([name, { profile }]) => {
    if (profile === null) return [];
    const { ms, withoutOursMs, clientsMs } = profile.waits;
    return `${name} busy for ${show(ms)} ms more (${show(withoutOursMs)} without ours, ${show(clientsMs)} without Node, too)`;
  });
  return each.join(", ");
}

/** Of cores that a process takes, servers beside it left out. */
export function coresSentence(verdict: Verdict, load: LoadBudget): string {
  const { all, client, node, ours, costs } = takenBy(load);
  const wantedUs = wantedOf(verdict) * 1_000_000;
  const verb = leftVerb(wantedUs, { withNode: client + node, least: client }, "cheaper clients");
  return [
    `it asks for ${show(wantedUs)} us of each second. Node takes ${show(all)}: the clients ${show(client)}, Node itself ${show(node)}, and what is ours`,
    `${show(ours)} (${biggestOf(costs)}). If all that is ours cost nothing, ${show(client + node)} us would be left, and ${show(client)} if Node itself cost nothing either: ${verb}.`,
  ].join(" ");
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}
