// An idle client costs next to nothing. It runs in a process of its own, so that no other timer and
// no other warning is counted.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { brokers } from "#test/support/kafka.ts";

const program = `
  import { connectProducer } from "#libs/kafka/connect-producer.ts";
  import { createLog } from "#libs/telemetry/log.ts";
  const brokers = ${JSON.stringify(brokers)};
  const producer = await connectProducer({ brokers, log: createLog("idle", "fatal") });
  let timerCount = 0;
  const arm = globalThis.setTimeout;
  globalThis.setTimeout = (...args) => {
    timerCount += 1;
    return arm(...args);
  };
  await new Promise((resolve) => arm(resolve, 1_000));
  console.log(JSON.stringify({ timerCount }));
  await producer[Symbol.asyncDispose]();
`;

it("arms no timers and prints no warning while nothing happens", async () => {
  const args = ["--input-type=module-typescript", "-e", program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual({ timerCount: 0 });
  expect(stderr).toBe("");
});
