// One schedule: a deployment of two of each service lives through a plan, and heals. The same seed is the
// same schedule, to the last microsecond.
import { topicDefinitions, topics } from "#libs/contracts/topics.ts";
import { murmur2 } from "#libs/kafka/partitioner.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { Carriers } from "./carriers.ts";
import { MemoryBroker } from "./kafka/memory-broker.ts";
import { KafkaLink } from "./kafka-link.ts";
import { Machines } from "./machines.ts";
import { memoryContracts } from "./memory-contracts.ts";
import { Moments } from "./moments.ts";
import { freeOwnMemory } from "./own-memory.ts";
import { drawPlan, type Fault, type Plan } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { MemoryRedis } from "./redis/memory-redis.ts";
import { EVERYBODY, RedisLink } from "./redis-link.ts";
import { type Deployment, PARTITION_COUNT, SHARD_COUNT } from "./services.ts";
import { noteStates } from "./stored-stories.ts";
import { Timeline } from "./timeline.ts";
import { Trace } from "./trace.ts";
import { breachesOf, isQuiet, type Witness, watchCommits } from "./verdict.ts";
import { installVirtualTime } from "./virtual-time.ts";

const STARTED_AT = Date.UTC(2026, 0, 1, 12);
/** After the last fault has healed: sessions, leases, standstills, waits; three times what is ever needed. */
const HEAL_MS = 120_000;
const LOOK_MS = 500;
/** What was stopped goes on, and does what it was about to do. */
const SETTLE_MS = 1_000;
/** In place of the ten minutes of the journal's topic: restores are as much shorter here, as all waits are. */
const COMPACTION_LAG_MS = 10_000;

export type Result = {
  seed: number;
  hasLosses: boolean;
  /** One sentence each; empty: every guarantee was kept. */
  breaches: string[];
  trace: readonly string[];
  /** How long the schedule took, virtual ms, and how many things happened. */
  tookMs: number;
  count: number;
};

const contracts = memoryContracts();
const settings = demoView();

export type Simulating = {
  /** Keeps all that happens. */
  isTold?: boolean;
  /** Redis may come back without its last writes, or empty, too. */
  hasLosses?: boolean;
};

export async function simulate(
  seed: number,
  { isTold = false, hasLosses = false }: Simulating = {},
): Promise<Result> {
  const random = seededRandom(seed);
  const timeline = new Timeline(STARTED_AT);
  using machine = new DisposableStack();
  machine.use(freeOwnMemory());
  machine.use(installVirtualTime(timeline, random.fork(), { isTold }));
  const trace = new Trace(timeline, isTold);
  const clock = {
    now: () => timeline.now,
    after: (ms: number, run: () => void) => {
      const happening = timeline.after(ms, run, null);
      return () => {
        happening.run = null;
      };
    },
  };
  const broker = new MemoryBroker(clock);
  for (const { name, partitions } of topicDefinitions(SIZES)) broker.create(name, partitions);
  let redisOffsetMs = 0;
  const redis = new MemoryRedis(() => timeline.now + redisOffsetMs);
  const moments = new Moments();
  const outside = { timeline, trace, random, moments };
  const redisLink = new RedisLink({ ...outside, server: redis });
  const kafkaLink = new KafkaLink(outside);
  const carriers = new Carriers({ ...outside, broker, contracts });
  const deployment: Deployment = {
    broker,
    kafkaLink,
    redisLink,
    carriers,
    contracts,
    settings,
    trace,
  };
  const machines = new Machines(deployment, timeline);
  const witness: Witness = {
    broker,
    redis,
    carriers,
    storedAt: new Map(),
    takenIn: new Map(),
    requested: [],
    seen: [],
  };
  watchCommits(witness);
  redis.onSettled = (keys) => noteStates(keys, witness, timeline.now);
  machines.startAll(random.fork());
  const plan = drawPlan(machines.names, {
    startedAt: STARTED_AT,
    random: random.fork(),
    hasLosses,
  });
  const setRedisClock = (offsetMs: number) => {
    redisOffsetMs = offsetMs;
  };
  arrange(plan, { ...outside, ...deployment, machines, redis, setRedisClock, witness });
  const setRates = (rates: Rates) => {
    redisLink.breakRate = rates.redisBreakRate;
    kafkaLink.faultRate = rates.kafkaFaultRate;
    carriers.faultRate = rates.carrierFaultRate;
  };
  setRates(plan);
  timeline.after(plan.faultsMs, () => setRates(NO_FAULTS), null);
  const isStill = () => redisLink.isWhole() && carriers.laterCount === 0 && isQuiet(witness);
  await becomesStill(timeline, isStill, endsOf(plan));
  setRates(NO_FAULTS);
  moments.forget();
  machines.heal();
  const { now } = timeline;
  const healing = { fromAt: now + SETTLE_MS, untilAt: now + HEAL_MS };
  const wasQuiet = await becomesStill(timeline, isStill, healing);
  const breaches = breachesOf(witness, { wasQuiet });
  const tookMs = timeline.now - STARTED_AT;
  return { seed, hasLosses, breaches, trace: trace.lines, tookMs, count: timeline.count };
}

const SIZES = { partitionCount: PARTITION_COUNT, shardCount: SHARD_COUNT, replicationFactor: 1 };

type Rates = Pick<Plan, "redisBreakRate" | "kafkaFaultRate" | "carrierFaultRate">;
const NO_FAULTS: Rates = { redisBreakRate: 0, kafkaFaultRate: 0, carrierFaultRate: 0 };

/** Looked at from one instant until another, epoch ms. */
type Span = { fromAt: number; untilAt: number };

/** Goes on until nothing is left to be done; false: there always was. */
async function becomesStill(
  timeline: Timeline,
  isStill: () => boolean,
  { fromAt, untilAt }: Span,
): Promise<boolean> {
  let [hasBeen, isOver] = [false, false];
  const look = () => {
    hasBeen ||= isStill();
    if (!hasBeen && !isOver) timeline.after(LOOK_MS, look, null);
  };
  timeline.after(fromAt - timeline.now, look, null);
  await timeline.run(untilAt, () => hasBeen);
  isOver = true;
  return hasBeen;
}

/** From when on nothing new begins, and when the last fault is over. */
function endsOf({ requests, cancels, faults, faultsMs }: Plan): Span {
  const begins = [...requests, ...cancels, ...faults].map(({ atMs }) => atMs);
  const ends = faults.map(({ atMs, fault }) => {
    const lastsMs = "forMs" in fault ? fault.forMs : "restartMs" in fault ? fault.restartMs : 0;
    return atMs + lastsMs;
  });
  return {
    fromAt: STARTED_AT + Math.max(...begins),
    untilAt: STARTED_AT + Math.max(faultsMs, ...ends),
  };
}

type Arranging = Deployment & {
  timeline: Timeline;
  machines: Machines;
  moments: Moments;
  redis: MemoryRedis;
  setRedisClock: (offsetMs: number) => void;
  witness: Witness;
};

function arrange({ requests, cancels, faults }: Plan, world: Arranging): void {
  const { timeline, trace, witness } = world;
  for (const { atMs, request } of requests) {
    const send = () => {
      const value = contracts.sendRequest.encode({
        ...request,
        requestedAt: Math.floor(timeline.now),
      });
      trace.note(() => `requests ${request.messageId}: ${JSON.stringify(request)}`, "customer");
      witness.requested.push(request.messageId);
      append(topics.sendRequests.name, request.messageId, value, world);
    };
    timeline.after(atMs, send, null);
  }
  for (const { atMs, cancel } of cancels) {
    const send = () => {
      const value = contracts.cancelRequest.encode({
        ...cancel,
        requestedAt: Math.floor(timeline.now),
      });
      trace.note(() => `cancels ${cancel.messageId}`, "customer");
      append(topics.cancelRequests.name, cancel.messageId, value, world);
    };
    timeline.after(atMs, send, null);
  }
  for (const { atMs, moment, fault } of faults) {
    // Before any answer is on its way.
    const strikeSoon = (machine: string) =>
      void timeline.after(0, () => inflict(strikesAt(machine, fault), world), null);
    const begin = () => (moment ? world.moments.at(moment, strikeSoon) : inflict(fault, world));
    timeline.after(atMs, begin, null);
  }
}

function append(topic: string, key: string, value: Buffer, { broker }: Arranging): void {
  const bytes = Buffer.from(key);
  const partition = (murmur2(bytes) & 0x7fffffff) % broker.partitionCount(topic);
  broker.append(topic, partition, [{ key: bytes, value, headers: {} }]);
}

const OWN: ReadonlySet<Fault["type"]> = new Set(["pause", "kill", "restart", "redis-cut"]);

/** Whoever is stopped, killed or cut off is so in the middle of its own work. */
function strikesAt(machine: string, fault: Fault): Fault {
  return "machine" in fault && OWN.has(fault.type) ? { ...fault, machine } : fault;
}

/** Nobody notices timers that are deleted while their shard is restored: ARCHITECTURE says so. */
function isNoticed(key: string, { keys, runId }: MemoryRedis): boolean {
  if (!key.endsWith(":timers")) return true;
  const epoch = keys.text(key.replace(/timers$/, "epoch"));
  return epoch?.endsWith(` ${runId}`) === true;
}

function inflict(fault: Fault, world: Arranging): void {
  const { timeline, trace, machines, redisLink, kafkaLink, redis, broker } = world;
  trace.note(() => `FAULT ${JSON.stringify(fault)}`, "world");
  switch (fault.type) {
    case "pause":
      machines.stop(fault.machine);
      return void timeline.after(fault.forMs, () => machines.goOn(fault.machine), null);
    case "kill":
      return machines.kill(fault.machine, fault.restartMs);
    case "restart":
      return machines.restart(fault.machine);
    case "redis-stall":
      redisLink.stalledUntil = timeline.now + fault.forMs;
      return;
    case "redis-break":
      return redisLink.breakAll();
    case "redis-away":
      return redisLink.cutOff(EVERYBODY, fault.forMs);
    case "redis-cut":
      return redisLink.cutOff(fault.machine, fault.forMs);
    case "redis-restart":
      return redisLink.goDown(fault.forMs, () => redis.restart());
    case "redis-loss":
      return redisLink.goDown(fault.forMs, () => {
        const { lostCount, clockMs } = fault;
        const count = redis.restart({ lostCount });
        trace.note(() => `loses ${count} writes`, "redis");
        world.setRedisClock(clockMs);
      });
    case "redis-empty":
      return redisLink.goDown(fault.forMs, () => void redis.restart({ isEmptied: true }));
    case "redis-keys":
      for (const key of redis.keys.keys()) {
        if (key.endsWith(fault.ending) && isNoticed(key, redis)) redis.call(["DEL", key]);
      }
      return;
    case "kafka-down":
      kafkaLink.downUntil = timeline.now + fault.forMs;
      return;
    case "compact":
      return broker.compact(topics.messageJournal.name, COMPACTION_LAG_MS);
    case "clock": {
      const set = (offsetMs: number) => {
        if (fault.machine === "redis") world.setRedisClock(offsetMs);
        else machines.setClock(fault.machine, offsetMs);
      };
      set(fault.offsetMs);
      return void timeline.after(fault.forMs, () => set(0), null);
    }
  }
}
