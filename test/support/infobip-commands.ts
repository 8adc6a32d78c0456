// A command of every kind that Infobip's adapter has words for.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { commandFor } from "#test/support/dispatch-command.ts";

type Content = DispatchCommand["content"];

/** To a person with a number; the message's id is `m`. */
export function saying(
  channel: string,
  said: Partial<Content>,
  more: Partial<Omit<DispatchCommand, "recipient">> = {},
): DispatchCommand {
  const content: Content = { type: "TEXT", text: null, richJson: null, smsEncoding: null, ...said };
  return commandFor({ channel, recipient: "+6599990000", messageId: "m", content, ...more });
}

export function sayingRich(
  channel: string,
  type: Content["type"],
  said: object,
  text: string | null = null,
): DispatchCommand {
  return saying(channel, { type, richJson: JSON.stringify(said), text });
}

export const url = "https://a.example/files/a.pdf";
const button = { caption: "Open", action: "https://a.example" };
const parameters = [{ type: "text", text: "42" }];
const body = { type: "body", parameters };
const reply = { reply: { text: "Yes", postbackData: "yes" } };
const actionOf = (name: string, own: object) => ({
  action: { text: "Go", postbackData: "go", [name]: own },
});
const suggestions = [
  reply,
  actionOf("openUrlAction", {
    url: "https://a.example",
    application: "WEBVIEW",
    webviewViewMode: "FULL",
  }),
  actionOf("dialAction", { phoneNumber: "+12025551234" }),
  actionOf("viewLocationAction", { latLong: { latitude: 1, longitude: 2 }, label: "Here" }),
];
const more = [
  actionOf("shareLocationAction", {}),
  actionOf("createCalendarEventAction", {
    startTime: "2026-12-01T10:00:00Z",
    endTime: "2026-12-01T11:00:00Z",
    title: "Meet",
    description: "Us",
  }),
];
const card = {
  title: "New",
  description: "Shoes",
  media: { height: "short", contentInfo: { fileUrl: url, thumbnailUrl: url } },
  suggestions,
};
const listed = [{ title: "All", rows: [{ id: "1", title: "One", description: "The first" }] }];
const onWhatsapp = (interactive: object) => sayingRich("whatsapp", "INTERACTIVE", { interactive });
export const templateOf = (...components: object[]) => ({
  template: { name: "order", language: "en_US", components },
});
export const headerOf = (parameter: object) => ({ type: "header", parameters: [parameter] });
export const buttonOf = (index: number, subType: string, parameter: object) => ({
  type: "button",
  subType,
  index,
  parameters: [parameter],
});

export const infobipCommands = {
  "an SMS": saying("sms", { text: "Hello" }, { ttlSeconds: 600 }),
  "an SMS without a sender": saying("sms", { text: "Hello" }, { sender: null }),
  "Viber: a text": saying("viber", { text: "Hello" }, { ttlSeconds: 60 }),
  "Viber: an image": sayingRich("viber", "IMAGE", { url }, "A caption"),
  "Viber: a video": sayingRich("viber", "VIDEO", { url, video: { thumbnail: url, duration: 9 } }),
  "Viber: a file": sayingRich("viber", "FILE", { url }),
  "Viber: a text with a button": sayingRich("viber", "INTERACTIVE", { button }, "Hello"),
  "Viber: an image with a button": sayingRich("viber", "INTERACTIVE", { url, button }, "Hello"),
  "Viber: an image whose button says nothing": sayingRich(
    "viber",
    "INTERACTIVE",
    { url, button: { caption: "", action: "" } },
    "Hello",
  ),
  "Viber: a template": sayingRich("viber", "TEMPLATE", templateOf(body)),
  "RCS: a text": saying("rcs", { text: "Hello" }, { ttlSeconds: 60 }),
  "RCS: a text with suggestions": sayingRich("rcs", "TEXT", { suggestions }, "Hello"),
  "RCS: more suggestions": sayingRich("rcs", "TEXT", { suggestions: more }, "Hello"),
  "RCS: a file": sayingRich("rcs", "FILE", { file: { url, thumbnail: url } }),
  "RCS: an image with words": sayingRich("rcs", "IMAGE", { url }, "A caption"),
  "RCS: a card": sayingRich("rcs", "RICH_CARD", {
    richCard: { cardOrientation: "horizontal", thumbnailImageAlignment: "right", ...card },
    suggestions: [reply],
  }),
  "RCS: a carousel": sayingRich("rcs", "CAROUSEL", {
    carousel: { cardWidth: "small", cards: [card, { title: "Old", media: card.media }] },
  }),
  "RCS: a template": sayingRich("rcs", "TEMPLATE", templateOf(body)),
  "WhatsApp: a text": saying("whatsapp", { text: "Hello" }),
  "WhatsApp: an image": sayingRich("whatsapp", "IMAGE", { url }, "A caption"),
  "WhatsApp: a video": sayingRich("whatsapp", "VIDEO", { video: { link: url } }),
  "WhatsApp: an audio": sayingRich("whatsapp", "AUDIO", { url }),
  "WhatsApp: a document": sayingRich(
    "whatsapp",
    "FILE",
    { file: { url, filename: "a.pdf" } },
    "Yours",
  ),
  "WhatsApp: a place": sayingRich("whatsapp", "LOCATION", {
    location: { latitude: 1, longitude: 2, name: "Here", address: "1 Road" },
  }),
  "WhatsApp: buttons": onWhatsapp({
    type: "button",
    header: { type: "image", image: { link: url } },
    body: { text: "Well?" },
    footer: { text: "Us" },
    action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
  }),
  "WhatsApp: a list": onWhatsapp({
    type: "list",
    header: { type: "text", text: "Choose" },
    body: { text: "Well?" },
    action: { button: "Open", sections: listed },
  }),
  "WhatsApp: a template": sayingRich(
    "whatsapp",
    "TEMPLATE",
    templateOf(
      headerOf({ type: "image", url }),
      body,
      buttonOf(1, "url", { type: "text", text: "42" }),
      buttonOf(0, "quick_reply", { type: "payload", payload: "yes" }),
    ),
  ),
  "WhatsApp: a template with a document and a code": sayingRich(
    "whatsapp",
    "TEMPLATE",
    templateOf(
      headerOf({ type: "document", document: { link: url, filename: "a.pdf" } }),
      buttonOf(0, "copy_code", { type: "coupon_code", coupon_code: "SAVE" }),
    ),
  ),
  "WhatsApp: a template with a place": sayingRich(
    "whatsapp",
    "TEMPLATE",
    templateOf(headerOf({ type: "location", location: { latitude: 1, longitude: 2 } }), body),
  ),
};
