// What other clients put on the product's topics by mistake or on purpose: whatever it is, the product
// lives, says what it has set aside, and gets the next message through.
import { randomUUID } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connectContracts } from "#libs/contracts/registry.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type RawRecord, rawBatch } from "#test/support/record-batch.ts";
import { fallthroughHere } from "#test/support/terminal.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";

const patience = { timeout: 60_000, interval: 200 };
const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.02 }));
  upstream = opened.use(await connectUpstream(product.places));
}, 180_000);
afterAll(() => opened.disposeAsync());

const headers = [["nothing", null]] as const;

it("takes a request that has a header without a value", async () => {
  const { sendRequest } = await connectContracts(product.places);
  const messageId = crypto.randomUUID();
  const value = sendRequest.encode({
    messageId,
    accountId: "demo",
    recipient: { msisdn: "+6599990400" },
    content: { type: "TEXT", text: "Hi" },
    steps: [{ channel: "sms" }],
    requestedAt: Date.now(),
  });
  await produceBytes("send-requests", rawBatch({ records: [{ key: messageId, value, headers }] }));
  expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
}, 60_000);

const consumers = {
  "send-requests": "send-request-consumer",
  "cancel-requests": "send-request-consumer",
  "status-reports": "status-report-consumer",
  "timer-ticks": "timer-tick-consumer",
  "dispatch-sms": "channel-dispatcher",
  "message-journal": "webhook-notifier",
};
const odd: RawRecord[] = [
  { key: "a", value: "no wire format", headers },
  { key: "tombstone", value: null },
  { key: "", value: "" },
  { key: Buffer.from([0xff]), value: Buffer.from([0, 0, 0, 0, 1, 2]), headers },
];

it.each(Object.entries(consumers))(
  "lives through odd records on %s, and says which service has set them aside",
  async (topic, service) => {
    expect(await produceBytes(topic, rawBatch({ records: odd }))).toBe(0);
    const bomb = rawBatch({
      records: [{ key: "bomb", value: Buffer.alloc(100 * 1024 * 1024) }],
      attributes: 4,
      compress: zstdCompressSync,
    });
    expect(await produceBytes(topic, bomb)).toBe(0);
    const readiness = () => product.process.readiness();
    await expect
      .poll(readiness, patience)
      .toMatch(new RegExp(`- ${service}: .*of ${topic}/0 became`));
    const [messageId] = await upstream.send({ to: "+6599990400", steps: [{ channel: "sms" }] });
    expect(await product.outcomes.next(messageId!)).toMatchObject({ outcome: "SUCCEEDED" });
    expect(product.process.fault()).toBeUndefined();
  },
  90_000,
);

it("shows what it has set aside at a terminal, where it is put back, and dropped when it comes again", async () => {
  const key = randomUUID();
  await produceBytes("cancel-requests", rawBatch({ records: [{ key, value: "+6591234567" }] }));
  const dead = ["dead-letters", "list", "--for-key", key];
  const first = await letterOf(dead, (stdout) => stdout.includes("decode"));
  const shown = await run("dead-letters", "show", first);
  expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
  expect(shown.stdout).toMatch(/\nwhat to do {2}The value is no record of its topic/);
  expect(shown.stdout).toMatch(/\na replay {4}The message is cancelled if/);
  expect(shown.stdout).not.toContain("6591234567");
  const replayed = await run("dead-letters", "replay", first);
  expect(replayed).toMatchObject({ exitCode: 0, stdout: "1 of 1 put back.\n" });
  expect(await run("dead-letters", "replay", first)).toMatchObject({ exitCode: 1 });
  // No record of its topic then either: it is another letter, which says so.
  const second = await letterOf(dead, (stdout) => !stdout.includes(first));
  expect((await run("dead-letters", "show", second)).stdout).toContain("open, put back 1 times");
  const drop = ["dead-letters", "drop", "--for-key", key];
  expect((await run(...drop, "--dry-run")).stdout).toContain("1 to drop.");
  expect((await run(...drop, "--yes")).stdout).toContain("1 of 1 dropped.");
  expect((await run(...dead)).stdout).toBe("There are none.\n");
  expect((await run(...dead, "--state", "all")).stdout).toMatch(/dropped[^]*replayed/);
  expect(await run("dead-letters", "drop")).toMatchObject({ exitCode: 2 });
}, 180_000);

function run(...args: string[]) {
  return fallthroughHere({}, "--url", product.places.apiUrl, ...args);
}

/** The id of the one letter that a list has, once it has one that it should. */
async function letterOf(list: string[], isIt: (stdout: string) => boolean): Promise<string> {
  return vi.waitFor(async () => {
    const { stdout } = await run(...list);
    expect(isIt(stdout)).toBe(true);
    return /^\S+-dlt\.0\.\d+/.exec(stdout)![0];
  }, patience);
}
