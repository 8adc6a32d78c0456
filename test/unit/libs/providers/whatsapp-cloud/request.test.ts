// What is sent to Meta has no member that the examples of Meta's own description have not.
import { describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { cloudBody } from "#libs/providers/whatsapp-cloud/request.ts";
import { readVendorDocument } from "#test/support/vendor-openapi.ts";

type Content = DispatchCommand["content"];

const meta = readVendorDocument("meta/business-messaging-api_v23.0.yaml");
const examples = meta?.operations.find(({ path }) => path.endsWith("/{Phone-Number-ID}/messages"));

function bodyOf(content: Partial<Content>, recipient: object = { msisdn: "+6599990000" }) {
  return cloudBody({
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
  });
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

/** The places of an object's members, whatever the places in lists. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    `${path}/${name}`,
    ...pathsOf(inner, `${path}/${name}`),
  ]);
}
