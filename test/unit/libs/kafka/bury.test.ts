import { expect, it } from "vitest";
import { PoisonRecordError } from "#libs/errors.ts";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import { bury } from "#libs/kafka/dead-letters.ts";
import type { Sendable } from "#libs/kafka/ports.ts";
import { createLog } from "#libs/telemetry/log.ts";

it("says of a record that was made of another letter by hand nothing that was said of that one", async () => {
  const letters: Sendable[] = [];
  const headers = {
    "ft-dlt-reason": "It was odd.",
    "ft-dlt-stack": "at another place",
    "ft-dlt-missing": "all of it",
    "ft-dlt-last-offset": "9",
    "ft-replay-count": "1",
    traceparent: Buffer.from("t"),
    none: null,
  };
  const message = { offset: "3", key: null, value: Buffer.from("x"), headers, timestamp: "0" };
  const fault = new PoisonRecordError("It is odd.");
  await bury(
    [{ message, fault }],
    { topic: "t", partition: 0 },
    {
      groupId: "g",
      deadLetters: {
        publish: async (records: readonly Sendable[]) => void letters.push(...records),
        [Symbol.asyncDispose]: async () => undefined,
      },
      log: createLog("t", "silent"),
      health: consumerHealth(),
    },
  );
  expect(letters).toHaveLength(1);
  expect(letters[0]?.headers).toEqual({
    traceparent: [Buffer.from("t")],
    "ft-replay-count": ["1"],
    "ft-dlt-reason": "It is odd.",
    "ft-dlt-stage": "handle",
    "ft-dlt-at": expect.any(String),
    "ft-dlt-group": "g",
    "ft-dlt-topic": "t",
    "ft-dlt-partition": "0",
    "ft-dlt-offset": "3",
  });
});
