// Where processes, Redis and the broker are struck. Each strike waits until what it is about is under way,
// does its harm, and takes away what would not go by itself.
import { setTimeout as sleep } from "node:timers/promises";
import type { Member, MemberName } from "./crowd.ts";
import type { Draw } from "./draws.ts";
import type { Point } from "./gate.ts";
import { asks, namesMessage } from "./points.ts";
import { redisStrikes } from "./redis-strikes.ts";
import type { Strike } from "./strike.ts";

/** Longer than a group takes a silent member for alive (10 s). */
const BEYOND_SESSION_MS = 13_000;
/** Longer than a call, or a notification, is anybody's: another one makes it by then (13 s and 20 s). */
const BEYOND_LEASE_MS = 24_000;
/** Shorter: a stall that costs no place in the group. */
const WITHIN_SESSION_MS = 6_000;
/** How many that fit a point may go by before it is kept back. */
const SKIP_COUNT = 4;
/** How long a process may take to get to a point: others are struck meanwhile. */
const REACHED_WITHIN_MS = 150_000;

export const strikes: readonly Strike[] = [
  dies("send-request-consumer", "with what it fetched", "redis", {
    before: "request",
    of: asks.commit,
  }),
  dies("send-request-consumer", "when its commit is done and it does not know", "redis", {
    before: "reply",
    of: asks.commit,
  }),
  dies("send-request-consumer", "between commit and publication", "kafka", {
    before: "request",
    of: asks.produce,
  }),
  dies("timer-tick-consumer", "when Kafka has its records and it does not know", "kafka", {
    before: "reply",
    of: asks.produce,
  }),
  dies("timer-tick-consumer", "between publication and the outbox", "redis", {
    before: "request",
    of: asks.ack,
  }),
  dies("status-report-consumer", "when its outbox is acknowledged and it does not know", "redis", {
    before: "reply",
    of: asks.ack,
  }),
  dies("status-report-consumer", "before its offsets", "kafka", {
    before: "request",
    of: asks.commitOffsets,
  }),
  dies("webhook-notifier", "between a customer's answer and its note", "redis", {
    before: "request",
    of: asks.settleTold,
  }),
  dies("webhook-notifier", "when it may tell and does not know", "redis", {
    before: "reply",
    of: asks.claimTold,
    says: namesMessage,
  }),
  dies("webhook-notifier", "before its offsets", "kafka", {
    before: "request",
    of: asks.commitOffsets,
  }),
  dies("api", "with requests in its hands", "kafka", { before: "request", of: asks.produce }),
  dies("receipt-bridge", "with receipts in its hands", "kafka", {
    before: "request",
    of: asks.produce,
  }),
  {
    name: "the carriers die, and forget the receipts that they owe",
    strike: (crowd, draw) => crowd.member("carrier-simulator", draw).bounce(),
  },
  dies("delay-scheduler", "with timers that it has lent", "kafka", {
    before: "request",
    of: asks.produce,
  }),
  dies("channel-dispatcher", "before its commands are in lanes", "redis", {
    before: "request",
    of: asks.takeIn,
  }),
  dies("channel-dispatcher", "when it may call and does not know", "redis", {
    before: "reply",
    of: asks.beginCall,
  }),
  dies("channel-dispatcher", "between the carrier's answer and its note", "redis", {
    before: "request",
    of: asks.saveAnswer,
  }),
  dies("channel-dispatcher", "between its note and the report", "kafka", {
    before: "request",
    of: asks.produce,
  }),
  dies("channel-dispatcher", "before its offsets", "kafka", {
    before: "request",
    of: asks.commitOffsets,
  }),
  {
    name: "delay-scheduler dies when Kafka has what a dead consumer left in the outbox",
    async strike(crowd, draw) {
      // Only what somebody has left is acknowledged there, and nobody knows which of the two finds it first.
      const acks = crowd.members
        .filter(({ name }) => name === "delay-scheduler")
        .map((member) => ({
          member,
          held: member.redis.hold({ before: "request", of: asks.ack }),
        }));
      const leaver = crowd.member("send-request-consumer", draw);
      await struck(
        leaver,
        { door: "kafka", point: { before: "request", of: asks.produce } },
        bounce,
      );
      const first = acks.map(({ member, held }) => held.reached.then(() => member));
      await (await within(Promise.race(first), "delay-scheduler")).bounce();
      for (const { held } of acks) held.pass();
    },
  },
  loses("send-request-consumer", "the reply to a commit", "redis", {
    before: "reply",
    of: asks.commit,
  }),
  loses("timer-tick-consumer", "an acknowledgement of Kafka's", "kafka", {
    before: "reply",
    of: asks.produce,
  }),
  loses("delay-scheduler", "the reply to a claim", "redis", {
    before: "reply",
    of: asks.claimDue,
    says: namesMessage,
  }),
  loses("channel-dispatcher", "the reply to its note of an answer", "redis", {
    before: "reply",
    of: asks.saveAnswer,
  }),
  loses("webhook-notifier", "the reply to its note of a notification", "redis", {
    before: "reply",
    of: asks.settleTold,
  }),
  loses("api", "an acknowledgement of Kafka's", "kafka", { before: "reply", of: asks.produce }),
  loses("receipt-bridge", "an acknowledgement of Kafka's", "kafka", {
    before: "reply",
    of: asks.produce,
  }),
  stops("send-request-consumer", "a commit", BEYOND_SESSION_MS, {
    door: "redis",
    point: { before: "reply", of: asks.commit },
  }),
  stops("status-report-consumer", "a commit", BEYOND_SESSION_MS, {
    door: "redis",
    point: { before: "reply", of: asks.commit },
  }),
  stops("timer-tick-consumer", "a commit", WITHIN_SESSION_MS, {
    door: "redis",
    point: { before: "reply", of: asks.commit },
  }),
  stops("delay-scheduler", "ticks", BEYOND_SESSION_MS, {
    door: "kafka",
    point: { before: "request", of: asks.produce },
  }),
  stops("channel-dispatcher", "a call", BEYOND_LEASE_MS, {
    door: "redis",
    point: { before: "reply", of: asks.beginCall },
  }),
  stops("webhook-notifier", "a notification", BEYOND_LEASE_MS, {
    door: "redis",
    point: { before: "reply", of: asks.claimTold, says: namesMessage },
  }),
  {
    name: "a consumer is told to end with records in its hands",
    async strike(crowd, draw) {
      const member = crowd.member("send-request-consumer", draw);
      const held = member.redis.hold({ before: "reply", of: asks.commit });
      await within(held.reached, member.name);
      const ended = member.restart();
      held.pass();
      await ended;
    },
  },
  {
    name: "a third consumer comes while another has records in its hands",
    async strike(crowd, draw) {
      const held = crowd.member("send-request-consumer", draw).redis.hold({
        before: "reply",
        of: asks.commit,
      });
      await within(held.reached, "send-request-consumer");
      await using third = await crowd.join("send-request-consumer");
      await third.ready();
      held.pass();
    },
  },
  {
    name: "the registry is away for 10 s, and a consumer starts meanwhile",
    async strike(crowd, draw) {
      const { registry } = crowd;
      registry.behave({ refuse: true });
      registry.cut();
      // Whoever runs has learned its schemas: it would not notice.
      await crowd.member("status-report-consumer", draw).bounce();
      await sleep(10_000);
      registry.behave({ refuse: false });
    },
  },
  {
    name: "the broker is away for 20 s",
    async strike({ members }) {
      for (const { kafka } of members) kafka.shut(true);
      await sleep(20_000);
      for (const { kafka } of members) kafka.shut(false);
    },
  },
  ...redisStrikes,
];

type Door = "kafka" | "redis";

function dies(name: MemberName, when: string, door: Door, point: Point): Strike {
  return {
    name: `${name} dies ${when}`,
    strike: (crowd, draw) => struck(crowd.member(name, draw), at({ door, point }, draw), bounce),
  };
}

/** The connection ends with what was on it; the process lives. */
function loses(name: MemberName, what: string, door: Door, point: Point): Strike {
  return {
    name: `${name} loses ${what}`,
    strike: (crowd, draw) =>
      struck(crowd.member(name, draw), at({ door, point }, draw), async (member) =>
        member[door].shut(false),
      ),
  };
}

/** It stands still in the middle of its work, and goes on as if nothing had been. */
function stops(name: MemberName, what: string, forMs: number, { door, point }: Place): Strike {
  return {
    name: `${name} stands still for ${forMs / 1_000} s with ${what} in its hands`,
    strike: async (crowd, draw) => {
      const member = crowd.member(name, draw);
      const held = member[door].hold(point);
      await within(held.reached, member.name);
      member.signal("SIGSTOP");
      // A reply lies there when it goes on; what it has asked is heard only then.
      if (point.before === "reply") held.pass();
      await sleep(forMs);
      member.signal("SIGCONT");
      held.pass();
    },
  };
}

function bounce(member: Member): Promise<void> {
  return member.bounce();
}

type Place = { door: Door; point: Point };

function at({ door, point }: Place, draw: Draw): Place {
  return { door, point: { ...point, skip: draw(SKIP_COUNT) } };
}

async function struck(
  member: Member,
  { door, point }: Place,
  harm: (member: Member) => Promise<void>,
): Promise<void> {
  const held = member[door].hold(point);
  await within(held.reached, member.name);
  await harm(member);
  held.pass();
}

async function within<T>(reached: Promise<T>, name: string): Promise<T> {
  const late = sleep(REACHED_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(`${name} did not come to the point.`);
  });
  return Promise.race([reached, late]);
}
