// Where processes, Redis and the broker are struck. Each strike waits until what it is about is under way,
// does its harm, and takes away what would not go by itself.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { loseItsEnd } from "#test/support/lose-its-end.ts";
import type { Crowd, Member, MemberName } from "./crowd.ts";
import type { Draw } from "./draws.ts";
import type { Point } from "./gate.ts";
import { asks } from "./points.ts";

export type Strike = {
  /** What is struck and where, as the report says it. */
  readonly name: string;
  /** What it leaves behind is all that a round can judge: nothing else is struck in it. */
  readonly isAlone?: true;
  /** `draw` chooses whom of two, and when. */
  strike(crowd: Crowd, draw: Draw): Promise<void>;
};

/** Longer than a group takes a silent member for alive (10 s). */
const BEYOND_SESSION_MS = 13_000;
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
  loses("send-request-consumer", "the reply to a commit", "redis", {
    before: "reply",
    of: asks.commit,
  }),
  loses("timer-tick-consumer", "an acknowledgement of Kafka's", "kafka", {
    before: "reply",
    of: asks.produce,
  }),
  loses("delay-scheduler", "the reply to a claim", "redis", { before: "reply", of: asks.claimDue }),
  stops("send-request-consumer", BEYOND_SESSION_MS, asks.commit),
  stops("status-report-consumer", BEYOND_SESSION_MS, asks.commit),
  stops("timer-tick-consumer", WITHIN_SESSION_MS, asks.commit),
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
    name: "the registry is away for 10 s",
    async strike({ registry }) {
      registry.behave({ refuse: true });
      registry.cut();
      await sleep(10_000);
      registry.behave({ refuse: false });
    },
  },
  {
    name: "Redis forgets its scripts",
    strike: (crowd) => atRedis(crowd, async (redis) => void (await redis.script("FLUSH"))),
  },
  {
    name: "Redis serves nobody for 6 s",
    strike: (crowd) =>
      atRedis(crowd, async (redis) => void (await redis.call("DEBUG", "SLEEP", "6"))),
  },
  {
    name: "Redis writes its log anew under load",
    strike: (crowd) => atRedis(crowd, async (redis) => void (await redis.call("BGREWRITEAOF"))),
  },
  {
    name: "the broker is away for 20 s",
    async strike({ members }) {
      for (const { kafka } of members) kafka.shut(true);
      await sleep(20_000);
      for (const { kafka } of members) kafka.shut(false);
    },
  },
  {
    name: "Redis loses its last second",
    isAlone: true,
    strike: ({ redis }) => loseItsEnd(redis),
  },
  {
    name: "Redis is emptied",
    isAlone: true,
    strike: (crowd) => atRedis(crowd, async (redis) => void (await redis.flushall())),
  },
  {
    name: "Redis dies and comes back",
    async strike({ redis }) {
      await redis.kill();
      await sleep(1_000);
      await redis.start();
    },
  },
];

type Door = "kafka" | "redis";

function dies(name: MemberName, when: string, door: Door, point: Point): Strike {
  return {
    name: `${name} dies ${when}`,
    strike: (crowd, draw) =>
      struck(crowd.member(name, draw), at({ door, point }, draw), (member) => member.bounce()),
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
function stops(name: MemberName, forMs: number, of: Point["of"]): Strike {
  return {
    name: `${name} stands still for ${forMs / 1_000} s with a commit in its hands`,
    strike: async (crowd, draw) => {
      const member = crowd.member(name, draw);
      const held = member.redis.hold({ before: "reply", of });
      await within(held.reached, member.name);
      member.signal("SIGSTOP");
      held.pass();
      await sleep(forMs);
      member.signal("SIGCONT");
    },
  };
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

async function atRedis({ redis }: Crowd, act: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await act(client);
  } finally {
    client.disconnect();
  }
}

async function within(reached: Promise<void>, name: string): Promise<void> {
  const late = sleep(REACHED_WITHIN_MS, "late", { ref: false });
  const first = await Promise.race([reached, late]);
  if (first === "late") throw new Error(`${name} did not come to the point.`);
}
