// A record that waits, and a reader that starts anew after a crash that may pass.
import { expect, it } from "vitest";
import { WaitsAloneError } from "#libs/errors.ts";
import type { Handling } from "#libs/kafka/handle-batch.ts";
import { placeLock } from "#libs/kafka/place-lock.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import { tryWaiting } from "#libs/kafka/try-waiting.ts";
import { waitingRoom } from "#libs/kafka/waiting-room.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { textCodec } from "#test/support/text-codec.ts";

it.each([
  ["to it where it consumes", true, ["7"]],
  ["nowhere where it has crashed meanwhile", false, []],
])("a consumer is sent %s", async (_, isConsumingThen, places) => {
  const assigned = {};
  const room = waitingRoom(() => assigned);
  const place = { topic: "requests", partition: 0 };
  const fault = new WaitsAloneError("shard 3", "Shard 3 is closed.");
  const value = Buffer.from("a");
  const message = { key: value, value, offset: "7", timestamp: "0", attributes: 0, headers: {} };
  room.passed(place, { first: 7, last: 7 }, [{ message, fault }]);
  const fatal: unknown[] = [];
  const handling = {
    room,
    alone: placeLock(),
    log: createLog("test", "silent"),
    health: { waits: () => undefined },
    failures: { passed: () => undefined },
    onProgress: () => undefined,
    onFatal: (error: unknown) => void fatal.push(error),
  } as unknown as Handling;
  let isConsuming = true;
  const handled = Promise.withResolvers<void>();
  const handle = async () => {
    isConsuming = isConsumingThen;
    handled.resolve();
  };
  const subscription = { topic: "requests", codec: textCodec(), handle } as Subscription<unknown>;
  const sent: string[] = [];
  const seek = ({ offset }: { offset: string }) => {
    if (!isConsuming) throw new Error("Consumer group was not initialized.");
    sent.push(offset);
  };
  const subscriptions = new Map([["requests", subscription]]);
  const reader = { seek, isConsuming: () => isConsuming };
  const trying = { reader, handling, subscriptions };
  await using tries = tryWaiting(trying);
  await handled.promise;
  await new Promise((resolve) => setImmediate(resolve));
  await tries[Symbol.asyncDispose]();
  expect({ sent, fatal }).toEqual({ sent: places, fatal: [] });
});
