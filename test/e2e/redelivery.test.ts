// Fault: every consumer group is set back to the first record of every topic, with the carriers and
// Redis as they are. Invariant: nothing new is decided, told or sent. Method: messages on all paths,
// the ledger and the carriers' calls before and after the replay.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { audit, type Ledger, type Recorded } from "#test/support/audit.ts";
import { setBackAllGroups, untilCaughtUp } from "#test/support/consumer-groups.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { startService } from "#test/support/service-process.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";
import { stories } from "#test/support/stories.ts";
import { connectUpstream } from "#test/support/upstream.ts";

/** As the stories need it, for each to go its own way. */
const TIME_SCALE = 0.05;

const opened = new AsyncDisposableStack();
let infrastructure: Infrastructure;
let carrierPort: number;
let receiptPort: number;

beforeAll(async () => {
  infrastructure = opened.use(await startOwnInfrastructure());
  [carrierPort, receiptPort] = [await freePort(), await freePort()];
  // The carriers remember what they were called for while the product stops and starts again.
  const carriers = await startService("carrier-simulator", {
    SIMULATOR_PORT: String(carrierPort),
    RECEIPT_URL: `http://127.0.0.1:${receiptPort}`,
    RECEIPT_SECRET: receiptSecret.toString("base64"),
    TIME_SCALE: String(TIME_SCALE),
  });
  await opened.use(carriers).ready();
});
afterAll(() => opened.disposeAsync());

function start(): Promise<Product> {
  const env = {
    CARRIER_URL: `http://127.0.0.1:${carrierPort}`,
    RECEIPT_PORT: String(receiptPort),
  };
  return startProduct({ timeScale: TIME_SCALE, infrastructure, env });
}

/** Sends messages on every path, with cancels and refusals among them, and waits for their ends. */
async function sendAll(product: Product): Promise<void> {
  const { places, outcomes } = product;
  await using upstream = await connectUpstream(places);
  const ends = stories.map(async ({ body, outcomes: { length } }) => {
    await outcomes.next(await product.send(body), { revision: length, timeoutMs: 60_000 });
  });
  const messageIds = await upstream.send(
    { to: "+6599990400", scheduledAt: Date.now() + 600_000 },
    { to: "+6599990000", flowId: "nowhere" },
    { to: "+6599990404", steps: [{ channel: "sms", waitSeconds: 30 }], lateReports: "IGNORE" },
  );
  await upstream.cancel(messageIds[0]!);
  await Promise.all([...ends, ...messageIds.map((messageId) => outcomes.next(messageId))]);
}

/** Runs the product until it has nothing more to do, and says what there is then. */
async function run(act: (product: Product) => Promise<void> = () => Promise.resolve()) {
  await using product = await start();
  await act(product);
  await untilCaughtUp(product.places.brokers);
  const ledger = await readLedger(product.places);
  return { ledger, calls: await sentCalls(`http://127.0.0.1:${carrierPort}`) };
}

/** One line for each distinct record that the product decided on, whatever became of it since. */
function decisionsOf({ commands, outcomes, journal }: Ledger): Set<string> {
  return new Set([
    ...commands.map((each) => `command ${each.value.commandId}, ${digest(each)}`),
    ...outcomes.map((each) => `outcome ${each.key}#${each.value.revision}, ${digest(each)}`),
    ...journal.map((each) => `journal ${each.key} v${each.value.version}, ${digest(each)}`),
  ]);
}

function digest({ bytes }: Recorded<unknown>): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

it("decides, tells and sends nothing new when every topic is delivered again", async () => {
  const before = await run(sendAll);
  await setBackAllGroups(infrastructure.kafkaBrokers);
  const after = await run();
  expect(decisionsOf(after.ledger)).toEqual(decisionsOf(before.ledger));
  expect(after.calls).toEqual(before.calls);
  expect(audit(after.ledger)).toEqual([]);
  // The replay took place: dispatchers told again what they had been answered.
  expect(after.ledger.reports.length).toBeGreaterThan(before.ledger.reports.length);
}, 180_000);
