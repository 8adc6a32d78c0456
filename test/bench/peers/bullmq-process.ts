// BullMQ as its documents advise for speed: `addBulk`, one worker with many jobs in hand, completed jobs removed.
import { setTimeout as sleep } from "node:timers/promises";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { type BullmqTask, type Jobs, jobOf, type SteadyJobs } from "./bullmq.ts";

const [redisUrl = ""] = process.argv.slice(2);
const NAME = "messages";
/** Of 100 to 2,000 the fastest here. */
const ADD_COUNT = 1_000;
const ADDS_IN_FLIGHT = 2;
const CONCURRENCY = 200;
const SLICE_MS = 50;

const connect = () => new Redis(redisUrl, { maxRetriesPerRequest: null });
const queue = new Queue(NAME, { connection: connect() });
await queue.waitUntilReady();

process.on("message", (task: BullmqTask) => {
  void carryOut(task).then((answer) => process.send?.(answer));
});
process.once("SIGTERM", () => process.exit());
process.send?.("ready");

async function carryOut(task: BullmqTask): Promise<unknown> {
  if (task.task === "add") await add(task);
  if (task.task === "drain") await drain(task.count);
  return task.task === "steady" ? await steady(task) : "done";
}

async function add({ count, delayMs }: Jobs): Promise<void> {
  let left = count;
  const adder = async () => {
    while (left > 0) {
      const length = Math.min(ADD_COUNT, left);
      left -= length;
      await queue.addBulk(Array.from({ length }, () => jobOf(delayMs)));
    }
  };
  await Promise.all(Array.from({ length: ADDS_IN_FLIGHT }, adder));
}

async function drain(count: number): Promise<void> {
  let doneCount = 0;
  const worker = workerOf(async () => undefined);
  const done = new Promise<void>((resolve) => {
    worker.on("completed", () => {
      doneCount += 1;
      if (doneCount === count) resolve();
    });
  });
  await done;
  await worker.close();
}

async function steady({ perSecond, seconds, delayMs }: SteadyJobs): Promise<number[]> {
  const lateness: number[] = [];
  const worker = workerOf(async ({ timestamp }) => {
    lateness.push(Date.now() - timestamp - delayMs);
  });
  const startedAt = performance.now();
  const perSlice = (perSecond * SLICE_MS) / 1_000;
  for (let slice = 1; slice <= (seconds * 1_000) / SLICE_MS; slice++) {
    await queue.addBulk(Array.from({ length: perSlice }, () => jobOf(delayMs)));
    await sleep(Math.max(0, startedAt + slice * SLICE_MS - performance.now()));
  }
  while (lateness.length < perSecond * seconds) await sleep(SLICE_MS);
  await worker.close();
  return lateness;
}

function workerOf(handle: (job: { timestamp: number }) => Promise<void>) {
  return new Worker(NAME, handle, { connection: connect(), concurrency: CONCURRENCY });
}
