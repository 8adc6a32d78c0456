// What the producer puts into one send, in which order, and whom a fault reaches.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { type OutgoingRecord, RecordsRefusedError } from "#libs/kafka/ports.ts";
import { sendQueue } from "#libs/kafka/send-queue.ts";

const MIB = 1024 * 1024;

function record(key: string, byteCount = 10): OutgoingRecord {
  return { topic: "t", key, value: Buffer.alloc(byteCount) };
}

/** A queue whose sends are recorded, and end when the test says so, or fail with `faultOf`. */
function setup(faultOf: (keys: string[]) => Error | undefined = () => undefined) {
  const sends: string[][] = [];
  let inFlight = 0;
  let inFlightMax = 0;
  const queue = sendQueue(async (records) => {
    const keys = records.map(({ key }) => String(key));
    sends.push(keys);
    inFlightMax = Math.max(inFlightMax, ++inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight--;
    const fault = faultOf(keys);
    if (fault) throw fault;
  });
  return { queue, sends, inFlightMax: () => inFlightMax };
}

it("puts calls of one turn into one send, and those that come meanwhile into the next", async () => {
  const { queue, sends } = setup();
  const first = [queue.add([record("a")]), queue.add([record("b"), record("c")])];
  await Promise.resolve();
  await Promise.resolve();
  const second = [queue.add([record("d")]), queue.add([record("e")])];
  await Promise.all([...first, ...second]);
  expect(sends).toEqual([
    ["a", "b", "c"],
    ["d", "e"],
  ]);
});

it("keeps the order and has one send in flight, whatever the sizes", async () => {
  const sizes = fc.array(fc.array(fc.integer({ min: 0, max: MIB }), { maxLength: 4 }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(sizes, async (calls) => {
      const { queue, sends, inFlightMax } = setup();
      const given = calls.map((call, index) =>
        call.map((size, at) => record(`${index}.${at}`, size)),
      );
      await Promise.all(given.map((records) => queue.add(records)));
      for (const [index, records] of given.entries()) {
        const keys = records.map(({ key }) => key);
        const sent = sends.flat().filter((key) => key.startsWith(`${index}.`));
        expect(sent).toEqual(keys);
      }
      expect(inFlightMax()).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});

it("splits what is more than a broker takes at once", async () => {
  const { queue, sends } = setup();
  await queue.add(["a", "b", "c", "d", "e"].map((key) => record(key, 400 * 1024)));
  expect(sends).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

it("counts headers, too, in what a broker takes at once", async () => {
  const { queue, sends } = setup();
  const headers = { baggage: "b".repeat(400 * 1024) };
  await queue.add(["1", "2", "3", "4", "5"].map((key) => ({ ...record(key), headers })));
  expect(sends).toEqual([["1", "2"], ["3", "4"], ["5"]]);
});

it("fails only the call with the record that is refused, and says which one it is", async () => {
  const cause = new Error("too large");
  const { queue, sends } = setup((keys) => (keys.includes("bad") ? cause : undefined));
  const bad = record("bad");
  const calls = [queue.add([record("a")]), queue.add([bad]), queue.add([record("b")])];
  const results = await Promise.allSettled(calls);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const error = await calls[1]!.catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(RecordsRefusedError);
  expect((error as RecordsRefusedError).refused).toEqual([{ record: bad, cause }]);
  expect((error as RecordsRefusedError).refused[0]!.record).toBe(bad);
  expect(sends.at(-1)).toEqual(["b"]);
});

it("sends every record but those that are refused, in order, wherever they stand", async () => {
  const cause = new Error("too large");
  const marks = fc.array(fc.array(fc.boolean(), { maxLength: 40 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(marks, async (calls) => {
      const { queue, sends } = setup((keys) =>
        keys.some((key) => key.endsWith("!")) ? cause : undefined,
      );
      const given = calls.map((call, index) =>
        call.map((isBad, at) => record(`${index}.${at}${isBad ? "!" : ""}`)),
      );
      const settled = await Promise.allSettled(given.map((records) => queue.add(records)));
      for (const [index, records] of given.entries()) {
        const bad = records.filter(({ key }) => key.endsWith("!"));
        const result = settled[index]!;
        const refused = result.status === "rejected" ? result.reason.refused : [];
        expect(refused).toEqual(bad.map((each) => ({ record: each, cause })));
      }
      const taken = sends.filter((keys) => !keys.some((key) => key.endsWith("!"))).flat();
      const good = given.flat().filter(({ key }) => !key.endsWith("!"));
      expect(taken).toEqual(good.map(({ key }) => key));
    }),
    { numRuns: 100 },
  );
});

it("takes a call off the queue while its send has not begun", async () => {
  const { queue, sends } = setup();
  const gone = new AbortController();
  const first = queue.add([record("a")], { signal: gone.signal });
  await Promise.resolve();
  await Promise.resolve();
  const second = queue.add([record("b")], { signal: gone.signal });
  const third = queue.add([record("c")]);
  gone.abort();
  await expect(second).rejects.toThrow(RetriableError);
  await Promise.all([first, third]);
  await expect(queue.add([record("d")], { signal: gone.signal })).rejects.toThrow(RetriableError);
  expect(sends).toEqual([["a"], ["c"]]);
});

it("sends no more pieces of a call that is taken off the queue", async () => {
  const { queue, sends } = setup();
  const gone = new AbortController();
  const pieces = ["a", "b", "c"].map((key) => record(key, 800 * 1024));
  const call = queue.add(pieces, { signal: gone.signal });
  await Promise.resolve();
  await Promise.resolve();
  gone.abort();
  await expect(call).rejects.toThrow("taken off the queue");
  expect(sends).toEqual([["a"]]);
});

it("fails all calls of a send that Kafka cannot take now, and goes on", async () => {
  let isAway = true;
  const { queue, sends } = setup(() => (isAway ? new RetriableError("away") : undefined));
  const calls = [queue.add([record("a")]), queue.add([record("b")])];
  const results = await Promise.allSettled(calls);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isAway = false;
  await queue.add([record("c")]);
  expect(sends).toEqual([["a", "b"], ["c"]]);
});

it("sends nothing of a call after a part of it that failed", async () => {
  const { queue, sends } = setup((keys) =>
    keys.includes("b") ? new RetriableError("away") : undefined,
  );
  const call = queue.add(["a", "b", "c"].map((key) => record(key, 800 * 1024)));
  await expect(call).rejects.toThrow("away");
  expect(sends).toEqual([["a"], ["b"]]);
});

it("refuses what is more than it may hold, until it has sent some", async () => {
  const { queue } = setup();
  const calls = Array.from({ length: 75 }, () => queue.add([record("a", 900_000)]));
  await expect(queue.add([record("b")])).rejects.toThrow(RetriableError);
  await Promise.all(calls);
  await queue.add([record("b")]);
});

it("is drained once everything is sent", async () => {
  const { queue, sends } = setup();
  const calls = [queue.add([record("a")]), queue.add([record("b", 2 * MIB)])];
  await queue.drained();
  expect(sends).toEqual([["a"], ["b"]]);
  await Promise.all(calls);
});

it("does nothing for a call without records", async () => {
  const { queue, sends } = setup();
  await queue.add([]);
  expect(sends).toEqual([]);
});
