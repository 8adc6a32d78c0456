// Requests that bring about 8x8's codes about templates: only the template is wrong.
import { having, noWhatsApp, type Refused, withContent } from "./requests.ts";

/** A template message of which only the template is wrong. */
const withTemplate = (more: object) =>
  withContent("template", {
    template: { name: "order_update", language: "en_US", ...more },
    fallbackText: "x",
  });
const withComponents = (...components: unknown[]) => withTemplate({ components });
const withParameter = (parameter: unknown, type = "body") =>
  withComponents({ type, parameters: [parameter] });
const body = { type: "body", parameters: [{ type: "text", text: "x" }] };
const button = { type: "button", subType: "url", index: "0" };

const template = { channel: "whatsapp", name: "other", language: "en_US" } as const;
const otherTemplate = having("template", "other.en_US", { ...template, category: "utility" });

export const refusedTemplates = {
  3030: [
    ["no template", withContent("template", { fallbackText: "x" })],
    ["an empty one", withContent("template", { template: {}, fallbackText: "x" })],
    ["one that is no object", withContent("template", { template: "x", fallbackText: "x" })],
  ],
  3031: [
    ["no name", withTemplate({ name: undefined })],
    ["an empty name", withTemplate({ name: "" })],
    ["a name above 512", withTemplate({ name: "n".repeat(513) })],
  ],
  3032: [
    ["a name with other characters", withTemplate({ name: "Order Update" })],
    ["a name that is no string", withTemplate({ name: 5 })],
  ],
  3033: [
    [
      "101 parameters",
      withComponents({
        type: "body",
        parameters: Array.from({ length: 101 }, () => ({ type: "text", text: "x" })),
      }),
    ],
  ],
  3034: [
    ["components that are no list", withTemplate({ components: {} })],
    ["two bodies", withComponents(body, body)],
    ["eleven buttons", withComponents(...Array.from({ length: 11 }, () => button))],
  ],
  3035: [["a template without WhatsApp", withTemplate({}), noWhatsApp]],
  3036: [
    ["no language", withTemplate({ language: undefined })],
    ["an empty language", withTemplate({ language: "" })],
  ],
  3037: [
    ["no such language", withTemplate({ language: "English, please" })],
    ["a language that is no string", withTemplate({ language: { code: "en" } })],
  ],
  3038: [["a template that the account lacks", withTemplate({}), otherTemplate]],
  3039: [
    ["an unknown component", withComponents({ type: "sidebar" })],
    ["a component without a type", withComponents({})],
    ["a component that is no object", withComponents("body")],
  ],
  3040: [["no parameters in a list", withComponents({ type: "body", parameters: [] })]],
  3041: [
    ["parameters that are no list", withComponents({ type: "body", parameters: "x" })],
    ["a parameter that is no object", withParameter("x")],
    ["a text parameter without a text", withParameter({ type: "text" })],
    ["a text parameter with a number", withParameter({ type: "text", text: 5 })],
    ...["", "two\nlines", "a\tb", "a     b"].flatMap((text) => {
      const parameter = { type: "text", text };
      const card = { components: [{ type: "body", parameters: [parameter] }] };
      return [
        [`a text that WhatsApp refuses: ${JSON.stringify(text)}`, withParameter(parameter)],
        [
          `such a text on a card: ${JSON.stringify(text)}`,
          withComponents({ type: "carousel", cards: [card] }),
        ],
      ] satisfies Refused[];
    }),
  ],
  3042: [
    ["a parameter without a type", withParameter({ text: "x" })],
    ["a parameter of an unknown type", withParameter({ type: "smell" })],
  ],
  3043: [["a parameter above 32,768", withParameter({ type: "text", text: "x".repeat(32_769) })]],
  3044: [
    ["a location parameter without one", withParameter({ type: "location" }, "header")],
    ["an empty location", withParameter({ type: "location", location: {} }, "header")],
  ],
  3045: [
    ["an image in the body", withParameter({ type: "image", url: "https://example.com/a" })],
    ["a payload in the body", withParameter({ type: "payload", payload: "x" })],
    ["a text in the footer", withParameter({ type: "text", text: "x" }, "footer")],
  ],
  3046: [
    ["an image without a URL", withParameter({ type: "image" }, "header")],
    ["a video whose URL is none", withParameter({ type: "video", url: "x" }, "header")],
    [
      "a document whose URL is not HTTP",
      withParameter({ type: "document", url: "file:///x" }, "header"),
    ],
  ],
  3049: [
    ["an impossible index", withComponents({ ...button, index: 10 })],
    [
      "a button's text that is missing",
      withComponents({ ...button, parameters: [{ type: "text" }] }),
    ],
    ["an empty payload", withParameter({ type: "payload", payload: "" }, "button")],
  ],
} as const satisfies Record<number, readonly Refused[]>;
