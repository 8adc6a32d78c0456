// Waits as somebody outside sees them end, by two commands: the first says until when it counts, the second when it
// was decided. In between there may be a tick.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import { decodeOwn } from "#test/support/decode-own.ts";
import type { Hop } from "./hops.ts";

/** Of a wait that ends without any other one having ended before: whoever is too slow for the rate is late, and told so. */
const LIMIT_MS = 60_000;

export type EndedWaits = {
  /** From the end of each wait to its decision, ms. */
  decided: readonly number[];
  /** From there to the next command on Kafka, ms, by the broker's clock. */
  commanded: readonly number[];
  /** Its hops, of whoever tells them by ticks: from the end to the claim, to the tick on Kafka, to the decision, ms. */
  hops: Readonly<Record<Hop, readonly number[]>>;
};

type Tick = { firedAt: number; tickedAt: number };
/** A wait that has ended: when it was due, and what came of it. */
type Ended = { due: number; decidedAt: number; commandedAt: number };
type Followed = { commandsOf: (channel: string) => string; ticks?: string };

/** Reads the commands, and the ticks where there is a topic of them, from now on. */
export async function followWaits(kafka: Kafka, { commandsOf, ticks }: Followed) {
  const groupId = `bench-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  const dueAt = new Map<string, number>();
  const next = new Map<string, { decidedAt: number; commandedAt: number }>();
  const firstTick = new Map<string, Tick>();
  const second = commandsOf("sms");
  const followed = [commandsOf("whatsapp"), second, ...(ticks ? [ticks] : [])];
  await consumer.connect();
  await consumer.subscribe({ topics: followed });
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value, timestamp } of batch.messages) {
        if (!value) continue;
        if (batch.topic === ticks) {
          const { firedAt } = decodeOwn("timer-tick", value);
          const tick = { firedAt, tickedAt: Number(timestamp) };
          if (!firstTick.has(String(key))) firstTick.set(String(key), tick);
          continue;
        }
        const { notAfter, issuedAt } = decodeOwn("dispatch-command", value);
        if (batch.topic !== second) dueAt.set(String(key), notAfter);
        else next.set(String(key), { decidedAt: issuedAt, commandedAt: Number(timestamp) });
      }
    },
  });
  await joined;
  // A member that has joined asks for the ends only then, and may miss what is written meanwhile.
  for (const place of await endsOf(kafka, followed)) consumer.seek(place);

  return {
    /** Resolves once all waits of these messages have ended. */
    async ended(ids: ReadonlySet<string>): Promise<EndedWaits> {
      const left = new Set(ids);
      let deadline = Date.now() + LIMIT_MS;
      for (;;) {
        const before = left.size;
        for (const id of left) if (dueAt.has(id) && next.has(id)) left.delete(id);
        if (left.size === 0) break;
        if (left.size < before) deadline = Date.now() + LIMIT_MS;
        if (Date.now() > deadline) throw new Error(`${left.size} of ${ids.size} waits do not end.`);
        await sleep(100);
      }
      const waits = [...ids].map((id): Ended & Partial<Tick> => {
        return { due: dueAt.get(id) ?? 0, ...next.get(id)!, ...firstTick.get(id) };
      });
      return {
        decided: waits.map(({ decidedAt, due }) => decidedAt - due),
        commanded: waits.map(({ commandedAt, due }) => commandedAt - due),
        hops: hopsOf(waits.filter(isTicked)),
      };
    },
    [Symbol.asyncDispose]: () => consumer.disconnect(),
  };
}

async function endsOf(kafka: Kafka, followed: readonly string[]) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = followed.map(async (topic) => {
      const partitions = await admin.fetchTopicOffsets(topic);
      return partitions.map(({ partition, high }) => ({ topic, partition, offset: high }));
    });
    return (await Promise.all(ends)).flat();
  } finally {
    await admin.disconnect();
  }
}

function isTicked(wait: Ended & Partial<Tick>): wait is Ended & Tick {
  return wait.tickedAt !== undefined;
}

function hopsOf(ticked: readonly (Ended & Tick)[]): EndedWaits["hops"] {
  return {
    claim: ticked.map(({ firedAt, due }) => firedAt - due),
    tick: ticked.map(({ tickedAt, firedAt }) => tickedAt - firedAt),
    decide: ticked.map(({ decidedAt, tickedAt }) => decidedAt - tickedAt),
  };
}
