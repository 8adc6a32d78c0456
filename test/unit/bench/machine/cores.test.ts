import { expect, test } from "vitest";
import { halvesOf, onCores } from "#test/bench/machine/cores.ts";

test("servers have the first half of the cores, what is measured has the other", () => {
  expect(halvesOf(2)).toStrictEqual({ servers: "0", measured: "1" });
  expect(halvesOf(3)).toStrictEqual({ servers: "0-1", measured: "2" });
  expect(halvesOf(8)).toStrictEqual({ servers: "0-3", measured: "4-7" });
});

test("a command line is put on cores", () => {
  expect(onCores("4-7", ["java", "-cp"])).toStrictEqual(["taskset", "-c", "4-7", "java", "-cp"]);
});

test("a single core cannot be shared out", () => {
  expect(halvesOf(1)).toBeNull();
  expect(onCores(undefined, ["java"])).toStrictEqual(["java"]);
});
