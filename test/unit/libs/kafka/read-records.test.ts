import { expect, it } from "vitest";
import { RetriableError, reportFault } from "#libs/errors.ts";
import { textHeaders } from "#libs/kafka/headers.ts";
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
  const { readable, failed } = await readRecords(messages, place, textCodec());
  expect(readable.map(({ record: { value, offset } }) => [value, offset])).toEqual([
    ["a", "0"],
    ["b", "2"],
  ]);
  expect(readable[0]!.record).toMatchObject({ ...place, key: "k", timestamp: 1_700_000_000_000 });
  expect(failed.map((each) => each.message.offset)).toEqual(["1", "3", "4"]);
  const stages = failed.map(({ fault }) => reportFault(fault).stage);
  expect(stages).toEqual(["decode", "read", "decode"]);
});

it("waits for a registry that is away instead of calling a record dead", async () => {
  const codec = textCodec(() => Promise.reject(new RetriableError("away")));
  await expect(readRecords([message("0", Buffer.from("a"))], place, codec)).rejects.toThrow("away");
});

it("parts the record that a bug meets while it is decoded from the others", async () => {
  const bug = new TypeError("a bug");
  const codec = textCodec();
  const read: typeof codec.read = (values) => {
    return values.some((value) => String(value) === "bug")
      ? Promise.reject(bug)
      : codec.read(values);
  };
  const messages = ["a", "bug", "b"].map((value, index) => message(`${index}`, Buffer.from(value)));
  const { readable, failed } = await readRecords(messages, place, { ...codec, read });
  expect(readable.map(({ record }) => record.value)).toEqual(["a", "b"]);
  expect(failed).toMatchObject([
    { message: { offset: "1" }, fault: { stage: "decode", cause: bug } },
  ]);
});

it("reads headers as text, the first one of a name, and one without a value as not there", () => {
  const nothing = null as unknown as undefined;
  const given = { a: Buffer.from("1"), b: [Buffer.from("2"), "3"], c: "4", d: undefined };
  const headers = { ...given, e: nothing, f: [nothing, Buffer.from("5")] as Buffer[], g: [] };
  expect(textHeaders(headers)).toEqual({ a: "1", b: "2", c: "4", f: "5" });
});
