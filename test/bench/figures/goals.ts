// What we want to be, beside what people would use instead. A ratio is ours over the peer's.

export type Goal = {
  what: string;
  scenario: string;
  figure: string;
  /** Whom ours is divided by; without, the figure itself is the goal's. */
  peer?: string;
  /** Ours where it is not `ours`. */
  system?: string;
  /** Judged by the most of all rounds: once would be once too often. */
  isNever?: true;
} & ({ atLeast: number } | { atMost: number });

export const goals: readonly Goal[] = [
  {
    what: "take requests and arm their timers, beside BullMQ's addBulk",
    scenario: "take",
    figure: "perSecond",
    peer: "bullmq",
    atLeast: 3,
  },
  {
    what: "the same beside kafkajs alone with the same records",
    scenario: "take",
    figure: "perSecond",
    peer: "pass-through",
    atLeast: 0.8,
  },
  {
    what: "fire due timers, beside BullMQ's drain",
    scenario: "fire",
    figure: "perSecond",
    peer: "bullmq",
    atLeast: 3,
  },
  {
    what: "lateness at a steady rate, p99 ms",
    scenario: "lateness",
    figure: "p99Ms",
    atMost: 20,
  },
  {
    what: "lateness p99 beside Kafka Streams, tuned",
    scenario: "lateness",
    figure: "p99Ms",
    peer: "kafka-streams",
    atMost: 1,
  },
  {
    what: "timers that fire early",
    scenario: "lateness",
    figure: "earlyCount",
    isNever: true,
    atMost: 0,
  },
  {
    what: "lateness p99 beside BullMQ at hz 10",
    scenario: "lateness",
    figure: "p99Ms",
    peer: "bullmq hz 10",
    atMost: 0.2,
  },
  {
    what: "lateness p99 beside BullMQ at hz 500",
    scenario: "lateness",
    figure: "p99Ms",
    peer: "bullmq hz 500",
    atMost: 2,
  },
  {
    what: "whole lives beside the plain service",
    scenario: "lives",
    figure: "perSecond",
    peer: "plain",
    atLeast: 4,
  },
  { what: "whole lives a second", scenario: "lives", figure: "perSecond", atLeast: 15_000 },
  {
    what: "Redis bytes of an open message without its content, beside a delayed job of BullMQ",
    scenario: "take",
    figure: "redisBytes",
    peer: "bullmq",
    atMost: 0.4,
  },
  {
    what: "CPU of all processes to take and arm, beside Kafka Streams",
    scenario: "take",
    figure: "cpuUs",
    peer: "kafka-streams",
    atMost: 1,
  },
  {
    what: "CPU of all processes to fire, beside Kafka Streams",
    scenario: "fire",
    figure: "cpuUs",
    peer: "kafka-streams",
    atMost: 1,
  },
  {
    what: "CPU of all processes for a whole life, beside Kafka Streams",
    scenario: "lives",
    figure: "cpuUs",
    peer: "kafka-streams",
    atMost: 1,
  },
  {
    what: "timers that fire a second beside ten million open ones, of the rate beside few",
    scenario: "open-timers",
    figure: "perSecond",
    system: "millions",
    peer: "few",
    atLeast: 0.6,
  },
  {
    what: "Redis' CPU for each of them",
    scenario: "open-timers",
    figure: "redisUs",
    system: "millions",
    peer: "few",
    atMost: 1.2,
  },
  {
    what: "CPU of all processes for a life as separate services, beside all in one",
    scenario: "scale",
    figure: "cpuUs",
    system: "separate",
    peer: "all in one",
    atMost: 1.3,
  },
  {
    what: "the same of two of each service, beside one of each",
    scenario: "scale",
    figure: "cpuUs",
    system: "two of each",
    peer: "separate",
    atMost: 1.2,
  },
  {
    what: "HTTP sends beside bare fastify and kafkajs",
    scenario: "http",
    figure: "perSecond",
    peer: "bare",
    atLeast: 0.7,
  },
  {
    what: "HTTP p99 beside them at the same rate",
    scenario: "http",
    figure: "p99Ms",
    peer: "bare",
    atMost: 3,
  },
  {
    what: "HTTP sends a second in npm start, with the lives behind them",
    scenario: "http",
    figure: "perSecond",
    system: "npm start",
    atLeast: 3_000,
  },
  {
    what: "idle npm start: cores that Node takes",
    scenario: "idle",
    figure: "cores",
    system: "npm start",
    atMost: 0.02,
  },
  {
    what: "idle npm start: MiB of Node",
    scenario: "idle",
    figure: "mebibytes",
    system: "npm start",
    atMost: 250,
  },
];
