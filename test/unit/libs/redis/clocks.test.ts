// Two clocks that differ. Invariants: what is armed is never earlier than either says, what fires never sooner; beyond
// five seconds nothing does.
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { agree, ClockSkewError, skewOf } from "#libs/redis/clocks.ts";

const at = (redisMs: number, sentAtMs = 0, answeredAtMs = sentAtMs) => {
  return { redisMs, sentAtMs, answeredAtMs };
};

describe("the two clocks", () => {
  it.each([
    ["Redis' is ahead", at(3_000), { earlierMs: 0, laterMs: 3_000 }],
    ["Redis' is behind", at(-3_000), { earlierMs: -3_000, laterMs: 0 }],
    ["the answer took long", at(10, 0, 9_000), { earlierMs: 10, laterMs: 9_000 }],
    ["they are at the limit", at(5_000), { earlierMs: 0, laterMs: 5_000 }],
  ])("arm by the later one and fire by the earlier one where %s", (_case, reading, agreed) => {
    expect(agree(reading)).toEqual(agreed);
  });

  it.each([
    ["ahead", at(5_001)],
    ["behind", at(-5_001)],
    ["25 h ahead", at(90_000_000)],
    ["25 h behind", at(-90_000_000)],
  ])("decide nothing while Redis' is %s, and name both", (_case, reading) => {
    const deciding = () => agree(reading);
    expect(deciding).toThrow(ClockSkewError);
    expect(deciding).toThrow(RetriableError);
    expect(deciding).toThrow(new Date(reading.redisMs).toISOString());
    expect(deciding).toThrow("1970-01-01T00:00:00.000Z");
  });

  it("are not apart by the time that an answer takes", () => {
    expect(skewOf(at(4_000, 0, 8_000))).toBe(0);
    expect(skewOf(at(9_000, 0, 8_000))).toBe(1_000);
    expect(skewOf(at(-1_000, 0, 8_000))).toBe(-1_000);
  });
});
