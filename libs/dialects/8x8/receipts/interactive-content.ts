// An interactive message as a receipt tells it: its texts, and what can be tapped.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { type Header, mediaHeader, type SaidContent } from "./outbound-parts.ts";

/** By WhatsApp's type. 8x8's form has no word for the others, so they are left out whole. */
const ACTIONS: ReadonlyMap<unknown, (action: JsonObject) => object> = new Map([
  ["button", buttons],
  ["list", list],
  ["cta_url", callToAction],
  ["flow", flow],
]);

export function interactiveContent(interactive: unknown): SaidContent | undefined {
  if (!isObject(interactive)) return undefined;
  const { type, action } = interactive;
  const actionsOf = ACTIONS.get(type);
  if (!actionsOf || typeof type !== "string") return undefined;
  const header = headerOf(interactive["header"]);
  return {
    contentType: "interactive",
    ...(header && { header }),
    ...textOf("body", interactive),
    ...textOf("footer", interactive),
    actions: actionsOf(objectOf(action)),
    meta: { interactiveType: type },
  };
}

function headerOf(header: unknown): Header | undefined {
  const { type, ...members } = objectOf(header);
  if (typeof type !== "string") return undefined;
  const { text } = members;
  if (type === "text") return typeof text === "string" ? { type, text } : undefined;
  return mediaHeader(type, [members[type]]);
}

function textOf(name: "body" | "footer", interactive: JsonObject) {
  const { text } = objectOf(interactive[name]);
  return typeof text === "string" ? { [name]: { text } } : {};
}

/** A reply has no value but what the person taps. */
function buttons({ buttons: all }: JsonObject): object {
  const shown = arrayOf(all).map((button) => {
    const { title } = objectOf(objectOf(button)["reply"]);
    return { type: "quick_reply", label: title, value: null };
  });
  return { buttons: shown };
}

function list({ button, sections }: JsonObject): object {
  const shown = arrayOf(sections).map((section) => {
    const { title, rows } = objectOf(section);
    return { title, rows: arrayOf(rows).map(rowOf) };
  });
  return { list: { buttonLabel: button, sections: shown } };
}

function rowOf(row: unknown): object {
  const { id, title, description } = objectOf(row);
  return { id, title, description };
}

function callToAction({ parameters }: JsonObject): object {
  const { display_text: displayText, url } = objectOf(parameters);
  return { cta: { displayText, url } };
}

/** Members in 8x8's words (`flowId`) or in WhatsApp's (`flow_id`). */
function flow({ parameters }: JsonObject): object {
  const given = objectOf(parameters);
  const payload = objectOf(given["flowActionPayload"] ?? given["flow_action_payload"]);
  return {
    flow: {
      flowId: given["flowId"] ?? given["flow_id"],
      cta: given["flowCta"] ?? given["flow_cta"],
      action: given["flowAction"] ?? given["flow_action"] ?? "navigate",
      screen: payload["screen"],
    },
  };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
