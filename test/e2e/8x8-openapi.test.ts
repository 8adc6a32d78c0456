// 8x8's own OpenAPI document as the referee: every operation of it is asked for, on the real product,
// and every answer is read as a client reads it that was generated from the document.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { unservedOperations } from "#services/api/dialects/8x8/unserved-operations.ts";
import { documentedBodies } from "#test/support/8x8/documented-bodies.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { example } from "#test/support/stories.ts";
import { readVendorDocument, type VendorOperation } from "#test/support/vendor-openapi.ts";

const GUID = "de300000-0000-4000-8000-000000000001";
const README = "libs/dialects/8x8/README.md";
const SUB_ACCOUNT = "/api/v1/subaccounts/{subAccountId}";
const WEBHOOKS = "/api/v1/accounts/{accountId}/webhooks";
const [SEND, BATCH] = [`POST ${SUB_ACCOUNT}/messages`, `POST ${SUB_ACCOUNT}/messages/batch`];
const [READ, CANCEL] = [
  `GET ${SUB_ACCOUNT}/messages/{umid}`,
  `DELETE ${SUB_ACCOUNT}/messages/{umid}`,
];
const CANCEL_BATCH = `DELETE ${SUB_ACCOUNT}/messages/batch/{batchId}`;
const [LIST, REGISTER, UNREGISTER] = [`GET ${WEBHOOKS}`, `POST ${WEBHOOKS}`, `DELETE ${WEBHOOKS}`];
const SERVED = [SEND, BATCH, READ, CANCEL, CANCEL_BATCH, LIST, REGISTER, UNREGISTER];

/** 500 is a fault of ours, 429 a quota that no account has here. */
const NOT_BROUGHT_ABOUT = [429, 500];
const WITHIN = { timeout: 30_000, interval: 50 };
const ENDED = ["read", "delivered", "undelivered", "rejected"];

const referee = readVendorDocument("8x8/business_messaging_api.json");
const opened = new AsyncDisposableStack();
const seen = new Set<string>();
let product: Product;

const operations = new Map((referee?.operations ?? []).map((each) => [titleOf(each), each]));

function titleOf({ method, path }: VendorOperation): string {
  return `${method} ${path}`;
}

type Asked = { key?: string | null; body?: unknown; params?: Readonly<Record<string, string>> };

/** Asks for an operation, and reads the answer strictly. */
async function ask(title: string, { key = "demo-key", body, params = {} }: Asked = {}) {
  const operation = operations.get(title)!;
  const given: Record<string, string> = { subAccountId: "demo", accountId: GUID, ...params };
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => given[name] ?? "some-id");
  const answer = await fetch(product.places.apiUrl + path, {
    method: operation.method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status } = answer;
  const text = await answer.text();
  const json = text === "" ? null : JSON.parse(text);
  seen.add(`${title} ${status}`);
  // A status that the document lacks is read as a generated client reads it: as an error.
  const documented = operation.statuses.includes(status) ? status : 401;
  const reader = operation.statuses.includes(documented) ? operation : operations.get(SEND)!;
  expect({ text, faults: referee!.faultsOf(reader, documented, json) }).toEqual({
    text,
    faults: [],
  });
  return { status, json };
}

const hello = { user: { msisdn: "+6599990000" }, type: "text", content: { text: "Hello" } };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function sent(body: object): Promise<string> {
  const answer = await ask(SEND, { body });
  expect(answer).toMatchObject({ status: 200 });
  return answer.json.umid;
}

/** The rows of a message once it has come to its end. */
function rowsOf(umid: string) {
  return vi.waitFor(async () => {
    const { status, json } = await ask(READ, { params: { umid } });
    expect(status).toBe(200);
    expect(ENDED).toContain(json.data.at(-1).status.state);
    return json.data;
  }, WITHIN);
}

describe.runIf(referee)("a client that is generated from 8x8's document", () => {
  beforeAll(async () => {
    product = opened.use(await startProduct({ timeScale: 0.02 }));
  });
  afterAll(() => opened.disposeAsync());

  it("reads what a send is answered with", async () => {
    const byId = { ...hello, user: { channelUserId: "US.13491208655302741918" } };
    const body = { ...byId, clientMessageId: "c-1", channels: [{ channel: "WhatsApp" }] };
    expect((await ask(SEND, { body })).json).toMatchObject({ user: byId.user });
    expect((await ask(SEND, { body: {} })).status).toBe(400);
    expect((await ask(SEND, { body: hello, key: null })).status).toBe(401);
    expect((await ask(SEND, { body: hello, params: { subAccountId: "acme" } })).status).toBe(403);
  });

  it("reads every row of a batch, those that were refused too", async () => {
    const body = {
      clientBatchId: "b-1",
      template: { type: "text", content: { text: "Hello" } },
      messages: [{ user: { msisdn: "+6599990000" } }, { user: { msisdn: "12" } }, {}],
      includeMessagesInResponse: true,
    };
    const { json } = await ask(BATCH, { body });
    expect(json).toMatchObject({ acceptedCount: 1, rejectedCount: 2 });
    expect(json.messages).toHaveLength(3);
    expect((await ask(BATCH, { body: {} })).status).toBe(400);
    expect((await ask(BATCH, { body, key: "wrong" })).status).toBe(401);
  });

  it("reads a message at every end that it can come to", { timeout: 60_000 }, async () => {
    // Read, silent after sent, refused, and nobody gets through.
    const numbers = ["+6599990000", "+6599990200", "+6599990300", "+6599990505"];
    await Promise.all(
      numbers.map(async (msisdn) => {
        const rows = await rowsOf(await sent(Object(example("two-channels", msisdn))));
        expect(rows[0]).toMatchObject({ content: "**MASKED**", contentType: "Text", step: 1 });
      }),
    );
    const template = Object(example("template-with-fallback-text", "+6599990000"));
    expect((await rowsOf(await sent(template)))[0]).toMatchObject({ contentType: "Template" });
    const umid = await sent({ ...hello, scheduled: inAnHour() });
    expect((await ask(READ, { params: { umid } })).json.data).toHaveLength(1);
    expect((await ask(READ, { params: { umid: "no-such" } })).status).toBe(400);
    expect((await ask(READ, { params: { umid }, key: null })).status).toBe(401);
    expect((await ask(READ, { params: { umid: randomUUID() } })).status).toBe(404);
  });

  it("reads what a cancel is answered with", async () => {
    const umid = await sent({ ...hello, scheduled: inAnHour() });
    expect((await ask(CANCEL, { params: { umid } })).json).toEqual({ cancelledCount: 1 });
    expect(await rowsOf(umid)).toHaveLength(1);
    expect((await ask(CANCEL, { params: { umid: "no-such" } })).status).toBe(400);
    expect((await ask(CANCEL, { params: { umid }, key: null })).status).toBe(401);
    expect((await ask(CANCEL, { params: { umid: randomUUID() } })).status).toBe(404);
    const body = { template: { ...hello, scheduled: inAnHour() }, messages: [hello, hello] };
    const { batchId } = (await ask(BATCH, { body })).json;
    expect((await ask(CANCEL_BATCH, { params: { batchId } })).json).toEqual({ cancelledCount: 2 });
    expect((await ask(CANCEL_BATCH, { params: { batchId: "no-such" } })).status).toBe(400);
    expect((await ask(CANCEL_BATCH, { params: { batchId }, key: null })).status).toBe(401);
  });

  it("reads its webhooks, whatever they are sent with", async () => {
    const url = "https://acme.example/hook";
    const body = [
      { subAccountId: "demo", url, httpAuthorization: "Basic aHVzaA==" },
      {
        subAccountId: "*",
        url,
        type: "CABM",
        enabled: false,
        oauth: { url, clientId: "shop", clientSecret: "hush", credentialsLocation: "body" },
      },
    ];
    expect((await ask(REGISTER, { body })).status).toBe(200);
    const { json } = await ask(LIST);
    expect(json).toHaveLength(3);
    expect(JSON.stringify(json)).not.toContain("hush");
    expect((await ask(UNREGISTER, { body: [{ subAccountId: "demo" }] })).status).toBe(200);
    const business = [{ subAccountId: "*", type: "CABM" }];
    expect((await ask(UNREGISTER, { body: business })).status).toBe(200);
    expect((await ask(LIST)).json).toEqual([]);
    for (const title of [REGISTER, UNREGISTER]) {
      expect((await ask(title, { body: {} })).status).toBe(400);
      expect((await ask(title, { body, key: null })).status).toBe(401);
    }
    expect((await ask(LIST, { params: { accountId: "acme" } })).status).toBe(400);
    expect((await ask(LIST, { params: { accountId: randomUUID() } })).status).toBe(403);
    expect((await ask(LIST, { key: null })).status).toBe(401);
  });

  it("has met every status that the document gives an operation", () => {
    const documented = SERVED.flatMap((title) =>
      operations
        .get(title)!
        .statuses.filter((status) => !NOT_BROUGHT_ABOUT.includes(status))
        .map((status) => `${title} ${status}`),
    );
    expect([...seen]).toEqual(expect.arrayContaining(documented));
  });

  it.for([...operations.keys()].filter((title) => !SERVED.includes(title)))(
    "hears 2001 of %s",
    async (title) => {
      expect(await ask(title)).toMatchObject({ status: 501, json: { code: 2001 } });
      // A file's address is its key.
      const status = title.startsWith("GET /files/") ? 501 : 401;
      expect(await ask(title, { key: null })).toMatchObject({ status });
    },
  );

  it.for(documentedBodies(referee?.operations ?? [], SERVED))(
    "is taken at its word: %s, %s",
    async ([title, , body]) => {
      expect(await ask(title, { body })).toMatchObject({ status: 200 });
    },
  );
});

describe.runIf(referee)("8x8's document", () => {
  it("has no operation that is neither served nor known not to be", () => {
    const unserved = unservedOperations.map(
      ([method, path]) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`,
    );
    expect([...operations.keys()].toSorted()).toEqual([...SERVED, ...unserved].toSorted());
  });

  it("has no operation that the README does not name as not served", () => {
    const [, chapter] = readFileSync(README, "utf8").split("\n## Not served\n");
    const named = chapter!.split("\n## ")[0]!.matchAll(/^\| `(.*?)` +\|$/gm);
    const unserved = [...operations.keys()].filter((title) => !SERVED.includes(title));
    const titles = [...named].map(([, title = ""]) => title);
    expect(titles.toSorted()).toEqual(unserved.toSorted());
  });
});
