import { expect, it } from "vitest";
import { readableLogLine } from "#deploy/product/readable-log.ts";

it("shows a warning with its service and its cause", () => {
  const line = JSON.stringify({ level: 40, service: "api", msg: "slow", err: { message: "why" } });
  expect(readableLogLine(line)).toBe("warning from api: slow: why");
});

it("keeps quiet about what is below a warning", () => {
  expect(
    readableLogLine(JSON.stringify({ level: 30, service: "api", msg: "ready" })),
  ).toBeUndefined();
});

it("shows a line that is no JSON as it is, since it may be a stack trace", () => {
  expect(readableLogLine("    at main.ts:1")).toBe("    at main.ts:1");
});
