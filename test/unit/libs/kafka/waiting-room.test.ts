// Several records of one partition wait, and can be handled at different times. Invariant: none is passed by.
import type { KafkaMessage } from "kafkajs";
import { expect, it } from "vitest";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { waitingRoom } from "#libs/kafka/waiting-room.ts";

const place = { topic: "t", partition: 0 };

function waits(offset: string, shard: number) {
  return { message: { offset } as KafkaMessage, fault: new ShardClosedError(shard, "") };
}

it("sends a partition back to the oldest record that is done, whichever was tried last", () => {
  const assigned = {};
  const room = waitingRoom(() => assigned);
  room.passed(place, { first: 0, last: 2 }, [waits("0", 0), waits("1", 1)]);
  const [first, second] = room.toTry();
  expect(room.done(first!)).toBe("0");
  // The partition has not been read again yet: were it sent to 1, nobody would read 0.
  expect(room.done(second!)).toBe("0");
  room.passed(place, { first: 0, last: 2 }, []);
  expect(room.heldAt(place)).toBeUndefined();
});

it("has a record tried again that was done, where its partition was not read from it on", () => {
  const assigned = {};
  let nowMs = 0;
  const room = waitingRoom(
    () => assigned,
    () => nowMs,
  );
  const offsets = () => room.toTry().map(({ message }) => message.offset);
  room.passed(place, { first: 7, last: 9 }, [waits("7", 0), waits("9", 1)]);
  room.done(room.toTry()[0]!);
  expect(offsets()).toEqual(["9"]);
  nowMs = 61_000;
  expect(offsets()).toEqual(["7", "9"]);
  expect(room.done(room.toTry()[0]!)).toBe("7");
  room.passed(place, { first: 7, last: 8 }, []);
  nowMs = 200_000;
  expect(offsets()).toEqual(["9"]);
});
