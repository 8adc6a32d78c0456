// The loads of which a budget is made: the bench's own, each once by itself and once with V8's profiler.
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Stretch } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import type { Plan } from "../plan.ts";
import { fire } from "../scenarios/fire.ts";
import { http } from "../scenarios/http.ts";
import { idle } from "../scenarios/idle.ts";
import { lateness } from "../scenarios/lateness.ts";
import { lives } from "../scenarios/lives.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { take } from "../scenarios/take.ts";

/** A process that is profiled. */
export type LoadService = {
  reads: readonly string[];
  writes: readonly string[];
  /** Of all entries of the journal, and of events. Null of one that stores no transitions. */
  transitions: ((entryCount: number, eventCount: number) => number) | null;
};

export type Load = {
  name: string;
  title: string;
  scenario: Scenario;
  system: string;
  /** Which stretch of the measurement, where it has several. */
  part?: Stretch["part"];
  /** Goals by these figures of the scenario's system are missed for what this load costs. */
  figures: readonly string[];
  eventCount: (plan: Plan, measured: Sample) => number;
  /** Events a second, where it does not go as fast as it can. */
  rate?: (plan: Plan) => number;
  services: Readonly<Record<string, LoadService>>;
  /** What lies ready before anything is measured: one record for each event. */
  laidReady: readonly string[];
};

const requests = topics.sendRequests.name;
const reports = topics.statusReports.name;
const ticks = topics.timerTicks.name;
const journal = topics.messageJournal.name;
const outcomes = topics.messageOutcomes.name;
const [whatsapp, sms] = [dispatchTopic("whatsapp"), dispatchTopic("sms")];

const ofMessages = ({ messageCount }: Plan) => messageCount;
const acceptor: LoadService = { reads: [], writes: [requests], transitions: null };
const allOfLives = [requests, journal, whatsapp, reports, outcomes];

/** Every transition has an entry in the journal, and a request's is its message's first. */
export const loads: readonly Load[] = [
  {
    name: "take",
    title: take.title,
    scenario: take,
    system: "ours",
    figures: ["perSecond", "cpuUs", "redisBytes"],
    eventCount: ofMessages,
    services: {
      "send-request-consumer": {
        reads: [requests],
        writes: [journal, whatsapp],
        transitions: (entryCount) => entryCount,
      },
    },
    laidReady: [requests],
  },
  {
    name: "fire",
    title: fire.title,
    scenario: fire,
    system: "ours",
    figures: ["perSecond", "cpuUs"],
    eventCount: ofMessages,
    services: {
      // It rewrites what the journal will soon have for too long, so it reads all of it.
      "delay-scheduler": { reads: [journal], writes: [ticks], transitions: null },
      "timer-tick-consumer": {
        reads: [ticks],
        writes: [journal, sms],
        transitions: (entryCount) => entryCount,
      },
    },
    laidReady: [],
  },
  {
    name: "lateness",
    title: `${lateness.title}: their whole way, armed and fired`,
    scenario: lateness,
    system: "ours",
    figures: ["p99Ms"],
    eventCount: ({ timersPerSecond, timerSeconds }) => timersPerSecond * timerSeconds,
    rate: ({ timersPerSecond }) => timersPerSecond,
    services: {
      "send-request-consumer": {
        reads: [requests],
        writes: [journal, whatsapp],
        transitions: (_entryCount, eventCount) => eventCount,
      },
      "delay-scheduler": { reads: [journal], writes: [ticks], transitions: null },
      "timer-tick-consumer": {
        reads: [ticks],
        writes: [journal, sms],
        transitions: (entryCount, eventCount) => entryCount - eventCount,
      },
    },
    laidReady: [],
  },
  {
    name: "lives",
    title: lives.title,
    scenario: lives,
    system: "ours",
    figures: ["perSecond", "cpuUs"],
    eventCount: ofMessages,
    services: {
      "send-request-consumer": {
        reads: [requests],
        writes: [journal, whatsapp],
        transitions: (_entryCount, eventCount) => eventCount,
      },
      "status-report-consumer": {
        reads: [reports],
        writes: [journal, outcomes],
        transitions: (entryCount, eventCount) => entryCount - eventCount,
      },
    },
    laidReady: [requests],
  },
  {
    name: "http",
    title: http.title,
    scenario: http,
    system: "ours",
    figures: ["perSecond"],
    eventCount: ofSeconds,
    services: { api: acceptor },
    laidReady: [],
  },
  {
    name: "http-steady",
    title: "sends over HTTP at a steady rate",
    scenario: http,
    system: "ours",
    part: "at a steady rate",
    figures: ["p99Ms"],
    eventCount: ({ sendsPerSecond, sendSeconds }) => sendsPerSecond * sendSeconds,
    rate: ({ sendsPerSecond }) => sendsPerSecond,
    services: { api: acceptor },
    laidReady: [],
  },
  {
    name: "npm-start",
    title: "sends over HTTP to npm start, with their lives behind them as far as these come",
    scenario: http,
    system: "npm start",
    figures: ["perSecond"],
    eventCount: ofSeconds,
    services: {
      node: { reads: allOfLives, writes: allOfLives, transitions: (entryCount) => entryCount },
    },
    laidReady: [],
  },
  {
    name: "idle",
    title: idle.title,
    scenario: idle,
    system: "npm start",
    figures: ["cores"],
    eventCount: ({ idleSeconds }) => idleSeconds,
    services: { node: { reads: [], writes: [], transitions: null } },
    laidReady: [],
  },
];

/** As many as were answered while it went as fast as it goes. */
function ofSeconds({ sendSeconds }: Plan, { figures }: Sample): number {
  return sendSeconds * (figures["perSecond"] ?? 0);
}
