// What strangers ask the listener of health and metrics: it costs no more than the request is long.
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { listenerLimits } from "#libs/http/listener-limits.ts";
import { serveHealth } from "#libs/lifecycle/health-server.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

const opened = new AsyncDisposableStack();
let url: string;
beforeAll(async () => {
  const port = await freePort();
  const log = createLog("any", "silent");
  const told = { whyNotReady: () => [], degraded: () => [] };
  opened.use(await serveHealth({ host: "127.0.0.1", port, ...told, log }));
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => opened.disposeAsync());

/** A quarter of the longest request line, with room for a client's own headers. */
const SIZE = (listenerLimits.headerBytesMax - 1024) / 4;

it.each([
  ["a long path", (size: number) => `/${"x".repeat(size)}`],
  ["a path of many parts", (size: number) => `/${"x/".repeat(size / 2)}`],
  ["percent signs", (size: number) => `/${"%41".repeat(size / 3)}`],
  ["parameters", (size: number) => `/metrics?${"a&".repeat(size / 2)}`],
])("%s costs as much more as it is longer", async (_, path) => {
  const run = async (size: number) => (await fetch(url + path(size))).arrayBuffer();
  expect(await growthOf(run, SIZE)).toBeLessThan(LINEAR_GROWTH_MAX);
});
