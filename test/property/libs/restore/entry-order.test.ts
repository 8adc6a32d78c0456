// Of a message's records one is the newest, in whatever order and whatever pieces they come.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { headerNames } from "#libs/kafka/headers.ts";
import { compareOrders, type EntryOrder, newestOf, orderOf } from "#libs/restore/entry-order.ts";

const epochs = ["", "000001-ffffffff", "000002-00000000", "000002-9f2c41ab", "000010-00000000"];
const anyOrder: fc.Arbitrary<EntryOrder> = fc.record({
  epoch: fc.constantFrom(...epochs),
  counter: fc.nat({ max: 3 }),
  version: fc.integer({ min: 1, max: 3 }),
});
const anyRecord = fc.record({ messageId: fc.constantFrom("a", "b"), order: anyOrder });

it("orders are a total order: the epoch decides, then the counter, then the version", () => {
  fc.assert(
    fc.property(anyOrder, anyOrder, anyOrder, (a, b, c) => {
      expect(Math.sign(compareOrders(a, b))).toBe(-Math.sign(compareOrders(b, a)) + 0);
      const isChain = compareOrders(a, b) > 0 && compareOrders(b, c) > 0;
      expect(!isChain || compareOrders(a, c) > 0).toBe(true);
      const byEpoch = epochs.indexOf(a.epoch) - epochs.indexOf(b.epoch);
      const expected = byEpoch || a.counter - b.counter || a.version - b.version;
      expect(Math.sign(compareOrders(a, b))).toBe(Math.sign(expected));
    }),
  );
});

it("the newest of all is the newest of the newest of any two parts", () => {
  fc.assert(
    fc.property(fc.array(anyRecord), fc.nat(), (records, at) => {
      const cut = records.length === 0 ? 0 : at % records.length;
      const parts = [records.slice(cut), records.slice(0, cut)].flatMap(newestOf);
      expect(byId(newestOf(parts))).toEqual(byId(newestOf(records)));
    }),
  );
});

it("a record without our headers, or with others', is older than all that have them", () => {
  const nothing = { epoch: "", counter: 0, version: 7 };
  expect(orderOf(() => undefined, 7)).toEqual(nothing);
  expect(ordered({ [headerNames.counter]: "12" })).toEqual(nothing);
  for (const odd of [
    given("zzz", "1"),
    given("000001-ffffffff", "-1"),
    given("000001-ffffffff", "x"),
    given("000001-ffffffff", "9007199254740991"),
  ]) {
    expect(odd).toEqual(nothing);
  }
  const known = given("000001-ffffffff", "12");
  expect(known).toEqual({ epoch: "000001-ffffffff", counter: 12, version: 7 });
  expect(compareOrders(known, { ...nothing, version: 99 })).toBeGreaterThan(0);
});

function given(epoch: string, counter: string) {
  return ordered({ [headerNames.epoch]: epoch, [headerNames.counter]: counter });
}

function byId(records: readonly { messageId: string; order: EntryOrder }[]) {
  return records.toSorted((a, b) => a.messageId.localeCompare(b.messageId));
}

function ordered(headers: Record<string, string>) {
  return orderOf((name) => headers[name], 7);
}
