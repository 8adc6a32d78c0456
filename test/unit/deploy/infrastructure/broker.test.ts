import { expect, it } from "vitest";
import { newClusterId } from "#deploy/infrastructure/broker.ts";

it("makes cluster ids that no command line takes for an option", () => {
  const ids = Array.from({ length: 5_000 }, newClusterId);
  expect(ids.filter((id) => !/^[A-Za-z][\w-]{21}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
