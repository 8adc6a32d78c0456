// Calls that no dispatcher makes: what they cost grows no faster than they do, up to the largest that is taken.
import { expect, it } from "vitest";
import { REQUEST_BYTES_MAX } from "#libs/contracts/limits.ts";
import { createListener } from "#libs/http/create-listener.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { carrierRoutes } from "#services/carrier-simulator/routes.ts";
import { sentLog } from "#services/carrier-simulator/sent-log.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

async function startSimulator() {
  const app = createListener({
    bodyBytesMax: REQUEST_BYTES_MAX,
    isLoopbackOnly: false,
    answer: plainProblem(createLog("carrier-simulator", "silent")),
    describe: describePlainly,
  });
  const receipts = { sendAfter: () => undefined, [Symbol.asyncDispose]: async () => undefined };
  await app.register(carrierRoutes({ sent: sentLog(), receipts, timeScale: 1, now: Date.now }));
  return app;
}

const call = (text: string) =>
  JSON.stringify({ recipient: "+6591234567", commandId: "m-1:0", text });
/** A quarter of what the largest may be. */
const [BODY, TEXT] = [REQUEST_BYTES_MAX / 4, 64 * 1024];
const headers = { "content-type": "application/json" };

it.each([
  ["numbers", BODY, (size: number) => `[${"0,".repeat((size - 4) / 2)}0]`],
  ["lists", BODY, (size: number) => `[${"[],".repeat((size - 4) / 3)}0]`],
  ["brackets", BODY, (size: number) => "[".repeat(size)],
  ["quotation marks", BODY, (size: number) => `"${'\\"'.repeat((size - 2) / 2)}"`],
  ["text", TEXT, (size: number) => call("x".repeat(size))],
  ["text of many alphabets", TEXT, (size: number) => call("€é".repeat(size / 2))],
  ["emoji", TEXT, (size: number) => call("😀".repeat(size / 2))],
  ["accents", TEXT, (size: number) => call("e\u0301".repeat(size / 2))],
])("a call of %s costs as much more as it is larger", async (_, size, body) => {
  const app = await startSimulator();
  const url = "/carriers/sms/messages";
  const run = (each: number) => app.inject({ method: "POST", url, headers, payload: body(each) });
  expect((await run(4 * size)).statusCode).toBeLessThan(413);
  expect(await growthOf(run, size)).toBeLessThan(LINEAR_GROWTH_MAX);
});
