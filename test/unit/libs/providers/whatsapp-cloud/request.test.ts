// What is sent to Meta has no member that the examples of Meta's own description have not.
import { describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { cloudRequest } from "#libs/providers/whatsapp-cloud/request.ts";
import { readVendorDocument } from "#test/support/vendor-openapi.ts";

type Content = DispatchCommand["content"];

const meta = readVendorDocument("meta/business-messaging-api_v23.0.yaml");
const examples = meta?.operations.find(({ path }) => path.endsWith("/{Phone-Number-ID}/messages"));

function bodyOf(content: Partial<Content>, recipient?: object) {
  return requestOf(content, { recipient })?.body;
}

type Asked = { recipient?: object | undefined; command?: object; options?: CloudSending };
type CloudSending = Parameters<typeof cloudRequest>[1];

function requestOf(
  content: Partial<Content>,
  { recipient = { msisdn: "+6599990000" }, command, options = {} }: Asked,
) {
  const asked: DispatchCommand = {
    commandId: "m:0",
    messageId: "m",
    attemptIndex: 0,
    accountId: "demo",
    channel: "whatsapp",
    sender: null,
    recipient: { msisdn: null, country: null, channelUserIds: {}, ...recipient },
    content: { type: "TEXT", text: null, richJson: null, smsEncoding: null, ...content },
    ttlSeconds: null,
    waitMs: null,
    notAfter: 1,
    onUnknown: "WAIT",
    issuedAt: 0,
    revokes: [],
    mayBeCalled: false,
    epoch: "",
    ...command,
  };
  return cloudRequest(asked, options);
}

const rich = (type: Content["type"], said: object, text: string | null = null) =>
  bodyOf({ type, richJson: JSON.stringify(said), text });

const parameters = [{ type: "text", text: "42" }];
const header = { type: "header", parameters: [{ type: "image", url: "https://a.example/1.png" }] };
const button = {
  type: "button",
  subType: "quick_reply",
  index: 0,
  parameters: [{ type: "payload", payload: "Yes" }],
};
const link = "https://a.example/x";

const bodies: Record<string, object | undefined> = {
  "a text": bodyOf({ text: "Hello" }),
  "a template as Meta writes it": rich("TEMPLATE", {
    template: {
      name: "order",
      language: { code: "en_US" },
      components: [{ type: "body", parameters }],
    },
  }),
  "a template as 8x8 writes it": rich("TEMPLATE", {
    template: {
      name: "order",
      language: "en_US",
      components: [header, { type: "body", parameters }, button],
    },
  }),
  "an image": rich("IMAGE", { url: link }, "A caption"),
  "a video": rich("VIDEO", { video: { id: "42" } }),
  "an audio": rich("AUDIO", { url: link }),
  "a document": rich("FILE", { file: { url: link, filename: "a.pdf" } }, "Yours"),
  "a location": rich("LOCATION", { location: { latitude: 1, longitude: 2, name: "Here" } }),
  buttons: rich("INTERACTIVE", {
    interactive: {
      type: "button",
      body: { text: "Well?" },
      action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
    },
  }),
};

const marketingExamples = meta?.operations.find(({ path }) => path.endsWith("/marketing_messages"));

it.skipIf(!marketingExamples)("has in a marketing message only what Meta's examples have", () => {
  const options: CloudSending = {
    marketing: { templates: ["offer"], productPolicy: "STRICT", activitySharing: false },
  };
  const sent = requestOf({ type: "TEMPLATE", richJson: template("offer") }, { options })?.body;
  const known = new Set([...marketingExamples!.requests.values()].flatMap((each) => pathsOf(each)));
  expect(pathsOf(sent).filter((path) => !known.has(path))).toEqual([]);
});

describe.skipIf(!examples)("against the examples of Meta's description", () => {
  it.each(Object.entries(bodies))("%s has only what Meta's examples have", (_name, body) => {
    const { type } = Object(body);
    const alike = Array.from(examples!.requests.values()).filter(
      (each) => Object(each).type === type,
    );
    const known = new Set(alike.flatMap((each) => pathsOf(each)));
    // Meta documents these, and no example has them.
    for (const path of ["/biz_opaque_callback_data", "/image/caption"]) known.add(path);
    expect(alike.length).toBeGreaterThan(0);
    expect(pathsOf(body).filter((path) => !known.has(path))).toEqual([]);
  });
});

it("names a person without a number by the id that WhatsApp gave", () => {
  const person = { channelUserIds: { whatsapp: "US.13491208655302741918" } };
  expect(bodyOf({ text: "Hello" }, person)).toMatchObject({ recipient: "US.13491208655302741918" });
  expect(bodyOf({ text: "Hello" }, person)).not.toHaveProperty("to");
  expect(bodyOf({ text: "Hello" }, { channelUserIds: {} })).toBeUndefined();
});

const direct = { options: { directSend: "utility" } } as const;

it.each([
  ["the step's TTL", { ttlSeconds: 600, waitMs: 60_000 }, 600],
  ["else its wait", { waitMs: 60_500 }, 60],
  ["at least Meta's 30 s", { waitMs: 5_000 }, 30],
  ["at most Meta's 12 h", { ttlSeconds: 86_400 }, 43_200],
  ["nothing where there is neither", {}, undefined],
])("says a Direct Send's time to live: %s", (_name, command, ttl) => {
  const sent = requestOf({ text: "Hello" }, { ...direct, command });
  expect(sent).toMatchObject({ endpoint: "messages", body: { category: "utility" } });
  expect(Object(sent?.body).ttl_seconds).toBe(ttl);
});

it("asks for Direct Send as a message says, and never for what Meta does not take so", () => {
  const whatsApp = { directSend: { category: "authentication", ttlSeconds: 86_400 } };
  const said = { text: "1234", richJson: JSON.stringify({ whatsApp }) };
  const sent = requestOf(said, { command: { ttlSeconds: 86_400 } })?.body;
  expect(sent).toMatchObject({ type: "text", category: "authentication", ttl_seconds: 900 });
  const image = { type: "IMAGE", richJson: JSON.stringify({ url: link }) } as const;
  for (const content of [image, { type: "TEMPLATE", richJson: template("order") } as const]) {
    const { body } = requestOf(content, { ...direct, command: { waitMs: 60_000 } })!;
    expect(body).not.toHaveProperty("category");
    expect(body).not.toHaveProperty("ttl_seconds");
  }
});

function template(name: string): string {
  return JSON.stringify({ template: { name, language: { code: "en" } } });
}

it("sends the marketing templates that are named by Meta's own endpoint for them", () => {
  const options: CloudSending = {
    marketing: {
      templates: ["welcome_offer"],
      productPolicy: "CLOUD_API_FALLBACK",
      activitySharing: true,
    },
  };
  const offer = { type: "TEMPLATE", richJson: template("welcome_offer") } as const;
  const sent = requestOf(offer, { options });
  expect(sent).toMatchObject({
    endpoint: "marketing_messages",
    body: { product_policy: "CLOUD_API_FALLBACK", message_activity_sharing: true },
  });
  const other = { type: "TEMPLATE", richJson: template("order") } as const;
  expect(requestOf(other, { options })).toMatchObject({ endpoint: "messages" });
  // Meta describes that endpoint with a number alone.
  const recipient = { channelUserIds: { whatsapp: "US.13491208655302741918" } };
  expect(requestOf(offer, { options, recipient })).toMatchObject({ endpoint: "messages" });
});

/** The places of an object's members, whatever the places in lists. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    `${path}/${name}`,
    ...pathsOf(inner, `${path}/${name}`),
  ]);
}
