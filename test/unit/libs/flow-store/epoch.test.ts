// Of two epochs of a shard everybody knows which came later.
import { expect, it } from "vitest";
import { epochName, isEarlier, nextToken, openedBy } from "#libs/flow-store/epoch.ts";

const NOW = Date.UTC(2026, 10, 30);
const nameAt = (names: readonly string[], nowMs = NOW) =>
  epochName({ token: nextToken(names, "server", nowMs) });

it("rises by one above all that is known", () => {
  expect(nameAt([])).toMatch(/^000001-[0-9a-f]{12}$/);
  expect(nameAt(["", "000041-9f2c41ab", "000007-000000000000"])).toMatch(/^000042-/);
});

it("is later than the one before, also where nobody knows of that any more", () => {
  const first = nameAt([]);
  const again = nameAt([], NOW + 1);
  expect(again > first).toBe(true);
  expect([isEarlier(first, again), isEarlier(again, first)]).toEqual([true, false]);
});

it("is not the same for two that open at once", () => {
  const names = Array.from({ length: 8 }, () => nameAt([]));
  expect(new Set(names).size).toBeGreaterThan(1);
});

it("says of what is no epoch that it is not earlier", () => {
  expect(isEarlier("", nameAt([]))).toBe(false);
  expect(isEarlier("9f2c41ab lost", nameAt([]))).toBe(false);
  expect(isEarlier(nameAt([]), "9f2c41ab lost")).toBe(false);
});

it("tells by when it was opened, if its name has that", () => {
  expect(openedBy({ token: nextToken(["000007-9f2c41ab"], "server", NOW) })).toBe(NOW + 1);
  expect(openedBy({ token: "000007-9f2c41ab server" })).toBe(0);
  expect(openedBy({ token: "" })).toBe(0);
});

it("is not earlier than one of the same instant, which may be the one before", () => {
  expect(isEarlier(`000001-${"0".repeat(11)}1 server`, `000001-${"0".repeat(11)}2 server`)).toBe(
    false,
  );
});
