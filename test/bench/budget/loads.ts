// The loads of which a budget is made: the bench's own, each once by itself and once with V8's profiler.
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { fire } from "../scenarios/fire.ts";
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
  scenario: Scenario;
  services: Readonly<Record<string, LoadService>>;
  /** What lies ready before anything is measured: one record for each event. */
  laidReady: readonly string[];
};

const requests = topics.sendRequests.name;
const reports = topics.statusReports.name;
const ticks = topics.timerTicks.name;
const journal = topics.messageJournal.name;
const outcomes = topics.messageOutcomes.name;

/** Every transition has an entry in the journal, and a request's is its message's first. */
export const loads: readonly Load[] = [
  {
    scenario: take,
    services: {
      "send-request-consumer": {
        reads: [requests],
        writes: [journal, dispatchTopic("whatsapp")],
        transitions: (entryCount) => entryCount,
      },
    },
    laidReady: [requests],
  },
  {
    scenario: fire,
    services: {
      // It rewrites what the journal will soon have for too long, so it reads all of it.
      "delay-scheduler": { reads: [journal], writes: [ticks], transitions: null },
      "timer-tick-consumer": {
        reads: [ticks],
        writes: [journal, dispatchTopic("sms")],
        transitions: (entryCount) => entryCount,
      },
    },
    laidReady: [],
  },
  {
    scenario: lives,
    services: {
      "send-request-consumer": {
        reads: [requests],
        writes: [journal, dispatchTopic("whatsapp")],
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
];
