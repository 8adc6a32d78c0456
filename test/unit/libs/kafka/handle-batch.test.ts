// What a batch makes of a record that waited before it.
import { expect, it } from "vitest";
import { WaitsAloneError } from "#libs/errors.ts";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import { failureRun } from "#libs/kafka/failure-run.ts";
import { type Handling, handleBatch } from "#libs/kafka/handle-batch.ts";
import { placeLock } from "#libs/kafka/place-lock.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import type { Batch } from "#libs/kafka/reader.ts";
import { waitingRoom } from "#libs/kafka/waiting-room.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { textCodec } from "#test/support/text-codec.ts";

const place = { topic: "journal", partition: 0 };
const assigned = {};

function messageAt(offset: string) {
  const value = Buffer.from(offset);
  return { key: value, value, offset, timestamp: "0", attributes: 0, headers: {} };
}

const handle = async () => undefined;

it("commits past a record that waited and was compacted away since", async () => {
  const room = waitingRoom(() => assigned);
  const fault = new WaitsAloneError("shard 3", "Shard 3 is closed.");
  room.passed(place, { first: 5, last: 5 }, [{ message: messageAt("5"), fault }]);
  room.done(room.toTry()[0]!);
  const committed: unknown[] = [];
  const batch: Batch = {
    ...place,
    first: "5",
    messages: [messageAt("9")],
    last: "9",
    isOver: () => false,
    isAssigned: () => true,
    commit: async (offset) => committed.push(offset) > 0,
    resolve: () => undefined,
    pause: () => () => undefined,
  };
  const handling = {
    groupId: "group",
    room,
    alone: placeLock(),
    waits: { reset: () => undefined },
    health: consumerHealth(),
    failures: failureRun(),
    log: createLog("test", "silent"),
    onProgress: () => undefined,
  } as unknown as Handling;
  const subscription = { topic: "journal", codec: textCodec(), handle } as Subscription<unknown>;
  await handleBatch(batch, subscription, handling);
  expect(committed).toEqual(["10"]);
});
