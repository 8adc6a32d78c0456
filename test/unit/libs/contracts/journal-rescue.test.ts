// Of a stored entry whose story cannot be read to its end, all that decides is read; of one that is damaged before, nothing.
import { expect, it } from "vitest";
import { readableEntries, readState, readStored } from "#libs/contracts/journal-rescue.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { entryAfter, report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";
import { memoryContracts } from "#test/support/simulation/memory-contracts.ts";

const contracts = memoryContracts();
const made = entryAfter([sent(threeSteps), report(0, "SENT", 1_000), tick(60_000)]);
const bytes = contracts.journalEntry.encode({ ...made, newEventCount: 1 });
const entry = decodeOwn("journal-entry", bytes);
const first = { ...entry, story: entry.story.slice(0, 1), newEventCount: 0 };
/** Behind the first event stand, where it is the only one, the end of the story and a number. */
const END = contracts.journalEntry.encode(first).length - 2;

const cutAt = (length: number) => bytes.subarray(0, length);
const reading = async (all: Buffer[]) =>
  (await readStored(all, (one) => one, contracts)).map(({ entry: read, fault }) => ({
    read,
    fault,
  }));

it("reads an entry as it is", async () => {
  expect(await reading([bytes])).toEqual([{ read: entry, fault: null }]);
  expect(await readState(bytes, contracts)).toEqual(entry);
});

it("reads what decides of an entry that ends anywhere behind the first event of its story", async () => {
  const ends = Array.from({ length: bytes.length - END }, (_, index) => END + index);
  const fault = expect.any(PoisonRecordError);
  expect(await reading(ends.map(cutAt))).toEqual(ends.map(() => ({ read: first, fault })));
});

it("reads nothing of one that ends before", async () => {
  const ends = Array.from({ length: END }, (_, index) => index);
  const fault = expect.any(PoisonRecordError);
  expect(await reading(ends.map(cutAt))).toEqual(ends.map(() => ({ read: null, fault })));
  await expect(readState(cutAt(END - 1), contracts)).rejects.toThrow(PoisonRecordError);
});

it("reads one that has too much behind its end, and each of several by itself", async () => {
  const tooMuch = Buffer.concat([bytes, Buffer.from("x")]);
  const stored = [tooMuch, null, cutAt(3), bytes].map((state) => ({ state }));
  expect(await readableEntries(stored, contracts)).toEqual([first, entry]);
});
