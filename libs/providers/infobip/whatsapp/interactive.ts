// Buttons and lists of WhatsApp, from Meta's form to Infobip's.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../../rich-content.ts";
import { headerContent } from "./header.ts";

/** Undefined for the other interactive messages that Meta has. */
export function interactiveContent(given: JsonObject) {
  const action = actionOf(given);
  const header = given["header"] === undefined ? {} : headerOf(objectOf(given["header"]));
  if (!action || !header) return undefined;
  const { body, footer } = given;
  const content = {
    body: { text: objectOf(body)["text"] },
    action: action.content,
    ...header,
    ...(isObject(footer) && { footer: { text: footer["text"] } }),
  };
  return { type: `interactive/${action.type}`, content };
}

function actionOf({ type, action: given }: JsonObject) {
  const action = objectOf(given);
  if (type === "button") {
    const buttons = listOf(action["buttons"]).map(({ reply }) => {
      const { id, title } = objectOf(reply);
      return { type: "REPLY", id, title };
    });
    return { type: "buttons", content: { buttons } };
  }
  if (type !== "list") return undefined;
  const sections = listOf(action["sections"]).map(({ title, rows }) => ({
    ...(title !== undefined && { title }),
    rows: listOf(rows).map(({ id, title: row, description }) => ({
      id,
      title: row,
      ...(description !== undefined && { description }),
    })),
  }));
  return { type: "list", content: { title: action["button"], sections } };
}

function headerOf(given: JsonObject): { header: JsonObject } | undefined {
  const header = headerContent(given, "text");
  return header && { header };
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
