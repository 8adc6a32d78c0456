import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { headerNames, textHeaders } from "#libs/kafka/headers.ts";
import { readRecords } from "#libs/kafka/read-records.ts";
import { textCodec } from "#test/support/text-codec.ts";

const place = { topic: "requests", partition: 3 };

function message(offset: string, value: Buffer | null) {
  const key = Buffer.from("k");
  return { key, value, offset, timestamp: "1700000000000", attributes: 0, headers: {} };
}

it("parts what can be read from what cannot, both in order", async () => {
  const values = ["a", "poison 1", "b", null, "poison 2"];
  const messages = values.map((value, index) =>
    message(String(index), value === null ? null : Buffer.from(value)),
  );
  const { records, dead } = await readRecords(messages, place, textCodec());
  expect(records.map(({ value, offset }) => [value, offset])).toEqual([
    ["a", "0"],
    ["b", "2"],
  ]);
  expect(records[0]).toMatchObject({ ...place, key: "k", timestamp: 1_700_000_000_000 });
  expect(dead.map(({ headers }) => headers[headerNames.deadOffset])).toEqual(["1", "3", "4"]);
  expect(dead.every(({ topic }) => topic === "requests-dlt")).toBe(true);
});

it("waits for a registry that is away instead of calling a record dead", async () => {
  const codec = textCodec(() => Promise.reject(new RetriableError("away")));
  await expect(readRecords([message("0", Buffer.from("a"))], place, codec)).rejects.toThrow("away");
});

it("takes any other error while decoding as a bug", async () => {
  const codec = {
    ...textCodec(),
    read: () => Promise.reject(new TypeError("a bug")),
  };
  await expect(readRecords([message("0", Buffer.from("a"))], place, codec)).rejects.toThrow(
    "a bug",
  );
});

it("reads headers as text, the first one of a name", () => {
  const headers = { a: Buffer.from("1"), b: [Buffer.from("2"), "3"], c: "4", d: undefined };
  expect(textHeaders(headers)).toEqual({ a: "1", b: "2", c: "4" });
});
