import { describe, expect, it } from "vitest";
import type { Content } from "#libs/contracts/generated/types.ts";
import { outboundContent } from "#libs/dialects/8x8/receipts/outbound-content.ts";
import { templateName } from "#libs/settings/account.ts";

const blank = { text: null, richJson: null, fallbackText: null, sms: null };
const login = {
  channel: "whatsapp",
  name: "login",
  language: "en",
  category: "authentication",
} as const;
const templates = new Map([[templateName(login), login]]);

function shown(type: Content["type"], rich: object | null, text: string | null = null) {
  const richJson = rich && JSON.stringify(rich);
  return outboundContent({ ...blank, type, text, richJson }, { templates });
}

const channel = "whatsapp";

const card = (url: string) => ({
  components: [{ type: "header", parameters: [{ type: "image", url }] }],
});

describe("what was sent is told", () => {
  it("of a text", () => {
    expect(shown("TEXT", null, "Hi")).toEqual({
      channel,
      contentType: "text",
      body: { text: "Hi" },
    });
  });

  it.each([
    ["IMAGE", "image", { url: "https://a.example/1" }],
    ["VIDEO", "video", { video: { link: "https://a.example/1" } }],
    ["FILE", "document", { url: "https://a.example/1", file: { duration: 3 } }],
  ] as const)("of a medium: %s", (type, word, rich) => {
    const header = { type: word, media: { url: "https://a.example/1" } };
    expect(shown(type, rich)).toEqual({ channel, contentType: "media", header });
    expect(shown(type, rich, "Look")).toMatchObject({ header, body: { text: "Look" } });
  });

  it("of a place, also where its degrees are written", () => {
    const location = { latitude: "38.8693", longitude: -77.0536, name: "Station", id: 5 };
    const header = {
      type: "location",
      location: { latitude: 38.8693, longitude: -77.0536, name: "Station" },
    };
    expect(shown("LOCATION", { location })).toEqual({ channel, contentType: "location", header });
  });

  it("of a template: its name and what heads it", () => {
    const components = [
      { type: "Header", parameters: [{ type: "Image", url: "https://a.example/1" }] },
      { type: "body", parameters: [{ type: "text", text: "12345" }] },
    ];
    const template = { name: "order", language: "en", components };
    expect(shown("TEMPLATE", { template })).toEqual({
      channel,
      contentType: "template",
      template: { name: "order", language: "en" },
      header: { type: "image", media: { url: "https://a.example/1" } },
    });
  });

  it("of a carousel's cards, in order", () => {
    const cards = [card("https://a.example/1"), card("https://a.example/2")];
    const template = { name: "order", language: "en", components: [{ type: "carousel", cards }] };
    expect(shown("TEMPLATE", { template })).toMatchObject({
      contentType: "carousel",
      cards: [
        { index: 0, header: { media: { url: "https://a.example/1" } } },
        { index: 1, header: { media: { url: "https://a.example/2" } } },
      ],
    });
  });

  it("of an interactive message: its texts and what can be tapped", () => {
    const texts = {
      header: { type: "text", text: "Shop" },
      body: { text: "Well?" },
      footer: { text: "Bye" },
    };
    const action = { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] };
    const interactive = { type: "button", ...texts, action };
    expect(shown("INTERACTIVE", { interactive })).toEqual({
      channel,
      contentType: "interactive",
      ...texts,
      actions: { buttons: [{ type: "quick_reply", label: "Yes", value: null }] },
      meta: { interactiveType: "button" },
    });
  });

  it.each([
    [
      "list",
      { button: "Slots", sections: [{ rows: [{ id: "1", title: "Nine" }] }] },
      { list: { buttonLabel: "Slots", sections: [{ rows: [{ id: "1", title: "Nine" }] }] } },
    ],
    [
      "cta_url",
      { parameters: { display_text: "Go", url: "https://a.example" } },
      { cta: { displayText: "Go", url: "https://a.example" } },
    ],
    [
      "flow",
      { parameters: { flowId: "7", flowCta: "Share" } },
      { flow: { flowId: "7", cta: "Share", action: "navigate" } },
    ],
  ])("of a %s: what it leads to", (type, action, actions) => {
    expect(shown("INTERACTIVE", { interactive: { type, action } })).toMatchObject({
      actions,
      meta: { interactiveType: type },
    });
  });
});

it("never has the code of an authentication template", () => {
  const code = [{ type: "text", text: "812345" }];
  const components = [
    { type: "body", parameters: code },
    { type: "button", subType: "url", index: 0, parameters: code },
  ];
  const said = shown("TEMPLATE", { template: { name: "login", language: "en", components } });
  expect(said).toMatchObject({
    contentType: "template_auth",
    template: { category: "AUTHENTICATION" },
    meta: { redacted: true },
  });
  expect(JSON.stringify(said)).not.toContain("812345");
});

it.each([
  ["IMAGE", { image: { id: "4711" } }],
  ["LOCATION", { location: { latitude: "north" } }],
  ["TEMPLATE", { template: { name: 5 } }],
  ["INTERACTIVE", { interactive: { type: "product", action: {} } }],
  ["INTERACTIVE", { interactive: [] }],
  ["CAROUSEL", { carousel: {} }],
  ["UNKNOWN", null],
] as const)("is left out where it cannot be told: %s %j", (type, rich) => {
  expect(shown(type, rich)).toBeUndefined();
});

it("is left out of what is no JSON", () => {
  const content = { ...blank, type: "IMAGE", richJson: "no JSON" } as const;
  expect(outboundContent(content, { templates })).toBeUndefined();
});
