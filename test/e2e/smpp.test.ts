// SMS over SMPP, to an SMSC that others wrote: what it takes, what it reports, and what happens when it
// dies with messages in its hands.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { decodeSeptets } from "#libs/sms-text/gsm-alphabet.ts";
import {
  type IndependentSmsc,
  type Submitted,
  startIndependentSmsc,
} from "#test/support/independent-smsc.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Python, pythonSmsc } from "#test/support/python-sdk.ts";

const WITHIN = { timeout: 40_000, interval: 50 };
const OPEN_COUNT = 50;
const user = { msisdn: "+6599990000" };
const sms = { channel: "SMS", fallbackAfter: 86_400, successStatus: "Delivered" };

const opened = new AsyncDisposableStack();
let python: Python | undefined;
let port: number;
let product: Product;
let smsc: IndependentSmsc;

beforeAll(async () => {
  python = await pythonSmsc();
  if (!python) return;
  port = await freePort();
  smsc = await startIndependentSmsc(python, { port, idPrefix: `a${randomUUID()}-` });
  opened.defer(() => smsc[Symbol.asyncDispose]());
  const env = { CONNECTION_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  await connect();
  await allowSegments(10);
});
beforeEach(({ skip }) => {
  if (python === undefined) skip("There is no Python with smpp34.");
});
afterAll(async () => {
  // Or the next files' messages would go to an SMSC that is gone.
  if (python) {
    await admin("DELETE", { "if-match": "*" });
    await allowSegments(1);
  }
  await opened.disposeAsync();
});

async function connect(): Promise<void> {
  const options = { address: `smpp://127.0.0.1:${port}`, rate: 1_000, window: 20 };
  const credentials = { systemId: "fallthrough", password: "secret" };
  const body = { provider: "smpp", options, credentials };
  expect((await admin("PUT", { "if-none-match": "*" }, { body })).status).toBe(201);
  await untilBound();
}

type Call = { path?: string; body?: object };

/** Of the connection, unless another path of the account is given. */
function admin(
  method: string,
  headers: Record<string, string>,
  { path = "/connections/smsc", body }: Call = {},
) {
  return fetch(`${product.places.apiUrl}/ft/v1/accounts/demo${path}`, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function allowSegments(smsSegmentsMax: number): Promise<void> {
  const account = Object(await (await admin("GET", {}, { path: "" })).json());
  const { accountId: _id, revision: _revision, ...body } = account;
  const put = { path: "", body: { ...body, smsSegmentsMax } };
  expect((await admin("PUT", { "if-match": "*" }, put)).status).toBe(200);
}

function untilBound(): Promise<void> {
  return vi.waitFor(() => expect(smsc.events.map(({ event }) => event)).toContain("bound"), WITHIN);
}

function send(text: string, more: object[] = []): Promise<string> {
  return product.send({ user, type: "text", content: { text }, channels: [sms, ...more] });
}

/** What the SMSC was handed of a text of its own. */
function untilSubmitted(mark: string, count = 1): Promise<Submitted[]> {
  const hex = Buffer.from(mark).toString("hex");
  return vi.waitFor(() => {
    const found = smsc.submitted().filter(({ message }) => message.includes(hex));
    expect(found).toHaveLength(count);
    return found;
  }, WITHIN);
}

function untilOver(messageId: string) {
  return vi.waitFor(async () => {
    const message = await product.read(messageId);
    expect(message.phase).toBe("ENDED");
    return message;
  }, WITHIN);
}

const boundCount = () => smsc.events.filter(({ event }) => event === "bound").length;
const receipt = (id: string, stat: string) =>
  `id:${id} sub:001 dlvrd:001 submit date:2601010101 done date:2601010102 stat:${stat} err:000 text:`;

it("an SMS is submitted as an SMSC wants it, and its receipt ends the message", async () => {
  const mark = randomUUID();
  const messageId = await send(mark);
  const [submitted] = await untilSubmitted(mark);
  expect(submitted).toMatchObject({
    source: [5, 0, "FALLTHRU"],
    destination: [1, 1, "6599990000"],
    esmClass: 0,
    dataCoding: 0,
    registeredDelivery: 1,
  });
  smsc.deliver([[receipt(submitted!.id, "DELIVRD")]]);
  expect(await untilOver(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "sms", status: "DELIVERED" }],
  });
  expect(smsc.events).toContainEqual({ event: "answered", status: 0 });
  expect(await product.callsOf(messageId)).toEqual([]);
});

it("a long SMS is delivered when all of its parts are, told by TLVs or by text", async () => {
  const mark = randomUUID();
  // The judges of the message follow the settings on their own.
  const messageId = await vi.waitFor(() => send(`${mark}${"x".repeat(300)}`), WITHIN);
  const [first] = await untilSubmitted(mark);
  const reference = first!.message.slice(0, 8);
  const parts = () => smsc.submitted().filter(({ message }) => message.startsWith(reference));
  await vi.waitFor(() => expect(parts()).toHaveLength(3), WITHIN);
  const texts = parts()
    .toSorted((a, b) => (a.message < b.message ? -1 : 1))
    .map(({ message }) => decodeSeptets(Buffer.from(message, "hex").subarray(6)));
  expect(texts.join("")).toBe(`${mark}${"x".repeat(300)}`);
  const [one, two, three] = parts().map(({ id }) => id);
  const id = Buffer.from(`${two}\0`).toString("hex");
  smsc.deliver([
    [receipt(one!, "DELIVRD")],
    [
      "",
      [
        [0x001e, id],
        [0x0427, "02"],
      ],
    ],
  ]);
  await vi.waitFor(() => {
    const answered = smsc.events.filter(({ event }) => event === "answered");
    expect(answered).toHaveLength(3);
  }, WITHIN);
  expect((await product.read(messageId)).phase).not.toBe("ENDED");
  smsc.deliver([[receipt(three!, "DELIVRD")]]);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("the next step begins where the SMSC refuses, and where its receipt says so", async () => {
  const whatsapp = { channel: "WhatsApp" };
  const refused = await send(`refuse ${randomUUID()}`, [whatsapp]);
  expect((await untilOver(refused)).attempts).toMatchObject([
    { channel: "sms", errorCode: "0x0b" },
    { channel: "whatsapp" },
  ]);
  const mark = randomUUID();
  const failed = await send(mark, [whatsapp]);
  const [submitted] = await untilSubmitted(mark);
  smsc.deliver([[receipt(submitted!.id, "UNDELIV")]]);
  expect((await untilOver(failed)).attempts).toMatchObject([
    { channel: "sms", status: "UNDELIVERED" },
    { channel: "whatsapp" },
  ]);
});

it("an SMSC that dies with 50 open messages reports them after its restart, and gets what came meanwhile", async () => {
  const marks = Array.from({ length: OPEN_COUNT }, () => randomUUID());
  const messageIds = await Promise.all(marks.map((mark) => send(mark)));
  const before = await Promise.all(marks.map((mark) => untilSubmitted(mark)));
  const ids = before.flatMap((each) => each.map(({ id }) => id));
  await smsc[Symbol.asyncDispose]();
  const late = randomUUID();
  const lateId = await send(late);
  smsc = await startIndependentSmsc(python!, { port, idPrefix: `b${randomUUID()}-` });
  await untilBound();
  // Some of them twice, and in another order.
  const twice = [...ids, ...ids.slice(0, 10)].toReversed();
  smsc.deliver(twice.map((id) => [receipt(id, "DELIVRD")]));
  const ended = await Promise.all(messageIds.map(untilOver));
  expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(new Set(["SUCCEEDED"]));
  expect(ended.flatMap(({ attempts }) => attempts)).toHaveLength(OPEN_COUNT);
  const [submitted] = await untilSubmitted(late);
  expect(smsc.submitted()).toHaveLength(1);
  smsc.deliver([[receipt(submitted!.id, "DELIVRD")]]);
  expect(await untilOver(lateId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("a connection that is not enabled any more is unbound, and bound anew once it is", async () => {
  const answer = await admin("GET", {});
  const { revision: _r, receiptsPath: _p, ...body } = Object(await answer.json());
  const put = (enabled: boolean) =>
    admin("PUT", { "if-match": "*" }, { body: { ...body, enabled } });
  expect((await put(false)).status).toBe(200);
  await vi.waitFor(
    () => expect(smsc.events.map(({ event }) => event)).toContain("unbound"),
    WITHIN,
  );
  const count = boundCount();
  expect((await put(true)).status).toBe(200);
  await vi.waitFor(() => expect(boundCount()).toBe(count + 1), WITHIN);
});
