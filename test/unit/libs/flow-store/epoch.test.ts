// Of two epochs of a shard everybody knows which came later.
import { expect, it } from "vitest";
import { epochName, isEarlier, isPlausible, nextToken, openedBy } from "#libs/flow-store/epoch.ts";

const NOW = Date.UTC(2026, 10, 30);
const nameAt = (names: readonly string[], nowMs = NOW) =>
  epochName({ token: nextToken(names, "server", nowMs) });

/** As 0.1 and its like named them: how many openings the shard has had, and eight random digits or the instant. */
const counted = ["000041-9f2c41ab", "000007-000000000000", `000009-${NOW.toString(16)}4`];

it("is later than all that are known, whatever the clock says", () => {
  const known = [...counted, nameAt([]), nameAt([], NOW + 5_000)];
  for (const nowMs of [NOW + 6_000, NOW, 0]) {
    const next = nameAt(["", ...known], nowMs);
    expect(next).toMatch(/^\d{6}-[0-9a-f]{12}$/);
    for (const one of known) expect([next > one, isEarlier(one, next)]).toEqual([true, true]);
  }
});

it("is later than an earlier one that nobody knows of any more, however many openings that had", () => {
  const forgotten = nameAt([nameAt([nameAt([])], NOW + 1)], NOW + 2);
  const again = nameAt([nameAt([])], NOW + 5);
  expect(again > forgotten).toBe(true);
  expect([isEarlier(forgotten, again), isEarlier(again, forgotten)]).toEqual([true, false]);
});

it("is later than what versions that counted have opened", () => {
  for (const name of counted) expect(nameAt([]) > name).toBe(true);
});

it("passes over names that somebody has written, behind which there is no room", () => {
  const odd = ["999999-aaaaaaaa", "900000-00000000", "000001-ffffffffffff"];
  expect(nameAt([...odd, ...counted]).slice(0, -1)).toBe(nameAt(counted).slice(0, -1));
  expect(odd.map(isPlausible)).toEqual([false, false, false]);
  expect(["", ...counted, nameAt([])].map(isPlausible)).not.toContain(false);
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
