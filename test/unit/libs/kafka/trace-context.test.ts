import { expect, it } from "vitest";
import { traceHeaders, traceparentOf } from "#libs/kafka/trace-context.ts";

const given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
const form = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/;

it("stays in the trace and keeps its flags, with a span of its own", () => {
  const next = traceparentOf({ traceparent: given });
  expect(next).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  expect(next).not.toBe(given);
});

it.each([
  ["none", {}],
  ["a broken one", { traceparent: "00-xyz" }],
  ["a trace of zeros", { traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01` }],
  ["a span of zeros", { traceparent: `00-0af7651916cd43dd8448eb211c80319c-${"0".repeat(16)}-01` }],
  ["several", { traceparent: [given, given] }],
])("begins a sampled trace where there is %s", (_, headers) => {
  const { traceparent } = traceHeaders(headers);
  expect(traceparent).toMatch(form);
  expect(traceparent).toMatch(/-01$/);
  expect(traceparent).not.toContain("0af7651916cd43dd8448eb211c80319c");
});
