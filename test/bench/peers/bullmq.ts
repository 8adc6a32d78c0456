// BullMQ in a process of its own, which is told what to do.
import { randomUUID } from "node:crypto";
import type { Cores } from "../machine/cores.ts";
import { type Running, startBenchProcess } from "../processes.ts";
import type { PeerRedis } from "./peer-redis.ts";

export type Jobs = { count: number; delayMs: number };
export type SteadyJobs = { perSecond: number; seconds: number; delayMs: number };

/** What the process does; it answers once that is done. */
export type BullmqTask =
  | ({ task: "add" } & Jobs)
  | { task: "drain"; count: number }
  | ({ task: "steady" } & SteadyJobs);

export type Bullmq = Running & {
  /** Adds delayed jobs, as fast as it goes. */
  add(jobs: Jobs): Promise<void>;
  /** Works off jobs that are due, until so many are completed. */
  drain(count: number): Promise<void>;
  /** Adds jobs at a rate beside the worker that takes them; how late each was taken, ms. */
  steady(jobs: SteadyJobs): Promise<number[]>;
};

export async function startBullmq(redis: PeerRedis, cores: Cores | null): Promise<Bullmq> {
  const place = { args: [redis.url], cores: cores?.measured };
  const told = await startBenchProcess("peers/bullmq-process.ts", place);
  const tell = <Answer>(task: BullmqTask) => told.ask<Answer>(task);
  return {
    ...told,
    add: async (jobs) => void (await tell({ task: "add", ...jobs })),
    drain: async (count) => void (await tell({ task: "drain", count })),
    steady: (jobs) => tell<number[]>({ task: "steady", ...jobs }),
  };
}

/** The content that our requests have, as a team would name it. */
export function jobOf(delay: number) {
  const messageId = randomUUID();
  const data = {
    messageId,
    to: "+6591234567",
    text: "Hello",
    steps: [
      { channel: "whatsapp", wanted: "read", waitSeconds: delay / 1_000 },
      { channel: "sms", wanted: "delivered" },
    ],
  };
  return { name: "fallback", data, opts: { delay, jobId: messageId, removeOnComplete: true } };
}
