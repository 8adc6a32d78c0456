import { expect, it } from "vitest";
import { showInstant } from "#libs/show-instant.ts";

it.each([
  [Date.parse("2026-11-06T08:49:37.123Z"), "2026-11-06T08:49:37.123Z"],
  [8.7e15, "9999-12-31T23:59:59.999Z"],
  [Number.MAX_SAFE_INTEGER, "9999-12-31T23:59:59.999Z"],
  [Infinity, "9999-12-31T23:59:59.999Z"],
  [-8.7e15, "0000-01-01T00:00:00.000Z"],
  [Number.NaN, "1970-01-01T00:00:00.000Z"],
])("shows %d as an instant, whatever it is", (at, shown) => {
  expect(showInstant(at)).toBe(shown);
});
