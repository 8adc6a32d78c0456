// Goal: the document tells the truth. Method: every example of a request is carried out against the
// whole product, and the answer must be one that the document shows. Whatever makes things goes
// first, in the document's order; then what reads; then what deletes, in the opposite order. What is
// wrong with a request is answered with an error that the operation names.
import { randomUUID } from "node:crypto";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import {
  examplesOf,
  type Media,
  type Operation,
  operationsOf,
  parseOpenApi,
} from "#test/support/openapi-document.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { rawBatch } from "#test/support/record-batch.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const resources = new AsyncDisposableStack();
const accountId = `t-${randomUUID()}`.slice(0, 30);
const accountPath = `/accounts/${accountId}`;

let product: Product;
let base: string;
let operations: Operation[];
/** What stands in a path in place of its example: by the path up to there. */
const known = new Map<string, string>();
let accountKey: string;
/** A customer's endpoint that has gone for good: what it is told of is given up at once. */
let endpoint: Receiver;

beforeAll(async () => {
  endpoint = resources.use(await startReceiver());
  endpoint.answer = () => 410;
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = resources.use(await startProduct({ timeScale: 0.01, env }));
  base = `${product.places.apiUrl}/ft/v1`;
  const answer = await fetch(`${base}/openapi.json`);
  operations = operationsOf(parseOpenApi(await answer.json()));
  known.set("/accounts", accountId);
});

afterAll(() => resources.disposeAsync());

it("shows only what the product does", async () => {
  const faults: string[] = [];
  const run = async (some: readonly Operation[]) => {
    for (const operation of some) faults.push(...(await carryOut(operation)));
  };
  const [makes, reads, deletes] = [
    operations.filter(({ method }) => method === "put" || method === "post"),
    operations.filter(({ method }) => method === "get"),
    operations.filter(({ method }) => method === "delete").toReversed(),
  ];
  await run(makes.filter(isAccount));
  const removeOwn = await makeOwn();
  await sendOne({ callbackUrl: endpoint.url, steps: [{ channel: "whatsapp" }] });
  known.set("/webhook-failures", await givenUp());
  known.set("/dead-letters", await deadLetter());
  await run(makes.filter((each) => isSettings(each) && !isAccount(each)));
  const messageId = await sendOne({});
  known.set("/messages", await sendOne({ scheduledAt: new Date(Date.now() + 3_600_000) }));
  await run(makes.filter((each) => !isSettings(each)));
  await product.outcomes.next(messageId);
  known.set("/messages", messageId);
  await run(reads);
  await removeCounted();
  await run(deletes.filter((each) => !isAccount(each)));
  await removeOwn();
  await run(deletes.filter(isAccount));
  expect(faults).toEqual([]);
});

it("shows how each operation refuses a stranger and another's key", async () => {
  for (const operation of operations) {
    const stranger = await call(operation, { key: "nobody" });
    expect(refusalsOf(operation, stranger, [401])).toEqual([]);
    const key = isSettings(operation) ? "demo-key" : "demo-admin-key";
    const other = await call(operation, { key });
    expect(refusalsOf(operation, other, [403])).toEqual([]);
  }
});

it("shows how each operation refuses what is wrong with a request", async () => {
  known.set("/accounts", "demo");
  const faults: string[] = [];
  let count = 0;
  for (const operation of operations) {
    const key = isSettings(operation) ? "demo-admin-key" : "demo-key";
    for (const { expected, ...wrong } of wrongCalls(operation)) {
      faults.push(...refusalsOf(operation, await call(operation, { key, ...wrong }), expected));
      count += 1;
    }
  }
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(operations.length);
});

type WrongCall = Partial<Call> & { expected: readonly number[] };

/** What can be wrong with any request of its kind, and the statuses that it may have. */
function wrongCalls({ method, path, parameters = [], requestBody }: Operation): WrongCall[] {
  const [body] = Object.values(requestBody?.content ?? {}).flatMap(examplesOf);
  // A template's name has its language.
  const last = path.includes("/templates/") ? "nobody.en" : "nobody";
  const isThere = (word: string) => parameters.some((each) => [each.in, each.name].includes(word));
  const ofBody = [
    { text: "{", expected: [400] },
    { body: { no: "member" }, expected: [422] },
    { text: "<xml/>", contentType: "application/xml", expected: [415] },
  ];
  return [
    ...(requestBody ? ofBody : []),
    ...(isThere("query") ? [{ query: "limit=none", expected: [400] }] : []),
    ...(isThere("if-match") ? [{ body, match: '"1"', expected: [412] }] : []),
    ...(path.endsWith("}") && method !== "put" ? [{ last, expected: [404, 412] }] : []),
  ];
}

function isSettings({ security }: Operation): boolean {
  return security !== undefined;
}

function isAccount({ path }: Operation): boolean {
  return path === "/accounts/{accountId}";
}

/** Carries out each example of an operation and tells what the document does not say. */
async function carryOut(operation: Operation): Promise<string[]> {
  const faults: string[] = [];
  const media = Object.values(operation.requestBody?.content ?? {})[0];
  for (const body of media ? examplesOf(media) : [undefined]) {
    const answer = await call(operation, { key: keyFor(operation), body });
    faults.push(...faultsOf(operation, answer));
    remember(operation, answer.body);
  }
  return faults;
}

/** What is wrong with an error by the operation's document; none where it is one of `expected`. */
function refusalsOf(operation: Operation, answer: Answer, expected: readonly number[]): string[] {
  const { status, body } = answer;
  const told = `${operation.operationId} ${status} ${JSON.stringify(body)}`;
  if (!expected.includes(status)) return [told];
  const media = operation.responses[String(status)]?.content?.["application/problem+json"];
  if (!media) return [`Undocumented: ${told}`];
  return Value.Errors(media.schema, body).map(({ message }) => `${message}: ${told}`);
}

type Answer = { status: number; body: unknown };

function faultsOf({ operationId, responses }: Operation, { status, body }: Answer): string[] {
  const documented = responses[String(status)];
  const told = `${operationId} ${status} ${JSON.stringify(body)}`;
  if (!documented || status >= 300) return [told];
  const media: Media | undefined = documented.content?.["application/json"];
  if (!media) return body === null ? [] : [told];
  return Value.Errors(media.schema, body).map(
    ({ instancePath, message }) => `${instancePath} ${message}: ${told}`,
  );
}

type Call = {
  key: string;
  body: unknown;
  /** The body as it is, instead. */
  text: string;
  contentType: string;
  query: string;
  /** Its `If-Match`, instead of the example. */
  match: string;
  /** The last part of the path, instead of the example. */
  last: string;
};

async function call(
  operation: Operation,
  {
    key,
    last,
    match,
    query,
    contentType = "application/json",
    ...given
  }: Pick<Call, "key"> & Partial<Call>,
): Promise<Answer> {
  const body = given.text ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  const headers = new Headers({ authorization: `Bearer ${key}` });
  const search = new URLSearchParams();
  for (const { in: place, name, example } of operation.parameters ?? []) {
    if (example === undefined) continue;
    if (place === "header") headers.set(name, String(example));
    if (place === "query") search.set(name, String(example));
  }
  if (match !== undefined) headers.set("if-match", match);
  if (body !== undefined) headers.set("content-type", contentType);
  const path = pathOf(operation).replace(/[^/]+$/, (part) => last ?? part);
  const answer = await fetch(`${base}${path}?${query ?? search.toString()}`, {
    method: operation.method,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
}

/** The path of the example, with what was made before in place of what the example names. */
function pathOf({ path, parameters = [] }: Operation): string {
  let filled = "";
  for (const part of path.split("/").slice(1)) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const example = parameters.find((each) => each.name === name)?.example;
    const value = name === undefined ? part : (knownAt(filled) ?? String(example));
    filled += `/${encodeURIComponent(value)}`;
  }
  return filled;
}

/** Of the account that the examples are about, the path counts from there on. */
function knownAt(path: string): string | undefined {
  return known.get(path) ?? known.get(path.replace(accountPath, ""));
}

/** A key or message that was made is what the examples after it are about. */
function remember(operation: Operation, body: unknown): void {
  if (operation.method !== "post") return;
  const { id, batchId } = Object(body);
  const path = pathOf(operation);
  if (typeof id === "string" && path.endsWith("-keys")) known.set(path, id);
  if (typeof batchId === "string") known.set("/batches", batchId);
}

function keyFor({ security = [] }: Operation): string {
  return security.some((each) => "adminKey" in each) ? "demo-admin-key" : accountKey;
}

/** What POSTs gave an id, beside the examples that were put: it needs what examples delete. */
async function removeCounted(): Promise<void> {
  for (const path of ["/fallback-policies/S_000002", "/fallback-rules/R_000002"]) {
    await change("DELETE", path);
  }
}

/** Makes what examples count on: a key for messages, every channel. Resolves with what deletes it. */
async function makeOwn(): Promise<() => Promise<void>> {
  const paths = ["whatsapp", "viber", "rcs"].map((channel) => `/channels/${channel}`);
  for (const path of paths) await change("PUT", path, { senders: ["ACME"] });
  const { id, key } = Object(await change("POST", "/api-keys", { scopes: ["send", "read"] }));
  accountKey = String(key);
  return async () => {
    for (const path of [`/api-keys/${id}`, ...paths]) await change("DELETE", path);
  };
}

async function change(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(base + accountPath + path, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      ...(body ? { "content-type": "application/json" } : { "if-match": "*" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

/** The id of a notification that was given up. */
async function givenUp(): Promise<string> {
  const path = `${base}${accountPath}/webhook-failures`;
  const headers = { authorization: "Bearer demo-admin-key" };
  return vi.waitFor(
    async () => {
      const { items } = Object(await (await fetch(path, { headers })).json());
      expect(items).not.toEqual([]);
      return String(items[0].id);
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** The id of a record that nobody could handle. */
async function deadLetter(): Promise<string> {
  const records = [{ key: "odd", value: "no record" }];
  await produceBytes("cancel-requests", rawBatch({ records }));
  const headers = { authorization: "Bearer demo-admin-key" };
  return vi.waitFor(
    async () => {
      const answer = await fetch(`${base}/dead-letters?key=odd`, { headers });
      const { items } = Object(await answer.json());
      expect(items).toHaveLength(1);
      return String(items[0].id);
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** Sends a message by SMS, for the examples that are about one; resolves with its id. */
async function sendOne(more: object): Promise<string> {
  const answer = await fetch(`${base}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${accountKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      recipient: { msisdn: "+6591234567" },
      content: { text: "Hello" },
      steps: [{ channel: "sms" }],
      ...more,
    }),
  });
  const { messageId } = Object(await answer.json());
  expect(messageId).toEqual(expect.any(String));
  return messageId;
}
