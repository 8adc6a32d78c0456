// Random calls to a flow store, as the property test makes them.
import * as fc from "fast-check";

/** Far from now on both sides, so that only the test's own leases come due while it runs. */
export const HOUR_MS = 3_600_000;

const anyId = fc.constantFrom("a", "b", "c", "counter", "é-7", "0f8b2c9e-4d51-4a7e");
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const hours = fc.integer({ min: -3, max: 3 }).filter((hour) => hour !== 0);
const anyAccount = fc.constantFrom("acme", "counter", "é");
const DAY_MS = 24 * HOUR_MS;
/** Few, so that messages of one instant are common; the last is older than an index keeps. */
const anyAge = fc.constantFrom(0, HOUR_MS, 2 * HOUR_MS, 44 * DAY_MS, 46 * DAY_MS);
const transition = fc.record({
  messageId: anyId,
  // What the caller believes, relative to what is stored: mostly right.
  staleness: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 2 })),
  state: bytes,
  outbox: bytes,
  storeByInHours: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.constant(-1)),
  dueInHours: fc.option(hours),
  keepMs: fc.option(fc.integer({ min: HOUR_MS, max: 9 * HOUR_MS })),
  indexed: fc.option(fc.record({ accountId: anyAccount, ageMs: anyAge })),
});
const either = fc.nat({ max: 1 });
export const anyCall = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("load" as const),
      process: either,
      ids: fc.uniqueArray(anyId),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("commit" as const),
      process: either,
      transitions: fc.uniqueArray(transition, { selector: (one) => one.messageId, minLength: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("ack" as const),
      process: either,
      pick: fc.nat(),
      versionsBehind: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("claim" as const),
      process: either,
      // Beyond 5 s nothing is lent; the edge itself is as near as clocks of a test can be read.
      skewSeconds: fc.constantFrom(-3_600, -6, -4, -1, 0, 1, 4, 6, 3_600),
      leaseMs: fc.constantFrom(1, 5_000, HOUR_MS),
      lentMax: fc.integer({ min: 2, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("rearm" as const),
      process: either,
      timers: fc.uniqueArray(
        fc.record({
          messageId: anyId,
          staleness: fc.nat({ max: 1 }),
          dueInHours: fc.option(hours),
        }),
        { selector: (one) => one.messageId, minLength: 1 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("readOutbox" as const),
      process: either,
      countMax: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("unpublished" as const),
      process: either,
      ids: fc.uniqueArray(anyId, { minLength: 1 }),
      countersBehind: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("list" as const),
      process: either,
      accountId: anyAccount,
      ages: fc.tuple(anyAge, anyAge),
      after: fc.option(fc.record({ messageId: anyId, ageMs: anyAge })),
      countMax: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("unlist" as const),
      process: either,
      accountId: anyAccount,
      id: anyId,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("loseWrites" as const),
      by: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("loseEpoch" as const),
      value: fc.constantFrom("", "000002-0123abcd of-another-process", "000002-0123abcd lost"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("open" as const),
      process: either,
      more: fc.nat({ max: 3 }),
    }),
  },
);
export type Call = typeof anyCall extends fc.Arbitrary<infer T> ? T : never;
export type DrawnTransition = typeof transition extends fc.Arbitrary<infer T> ? T : never;
