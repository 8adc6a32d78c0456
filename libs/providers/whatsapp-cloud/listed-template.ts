// A template as Meta lists it, in the words of our settings. Pure.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { SETTING_NAME_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { memberOf } from "#libs/json/json-object.ts";
import { templateName } from "#libs/settings/account.ts";
import { TemplateBody } from "#libs/settings/bodies/template.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import { templateTtlFault } from "#libs/settings/template-ttl.ts";
import type { OddTemplate } from "../provider.ts";

type Template = BodyOf<"template">;

/**
 * Meta's page "Template status": what waits for Meta, or comes back by itself, is pending; whatever else
 * is not approved is good for nothing until somebody mends it.
 */
const STATUS_OF_WORD: ReadonlyMap<string, "approved" | "pending"> = new Map([
  ["APPROVED", "approved"],
  ["PENDING", "pending"],
  ["IN_APPEAL", "pending"],
  ["PAUSED", "pending"],
]);

const Listed = Type.Object({
  name: Type.String(),
  language: Type.String(),
  status: Type.String(),
  category: Type.String(),
  components: Type.Optional(Type.Array(Type.Unknown())),
});

/** What cannot be one of our settings is an oddity, and loses no other. The first of two of one name counts. */
export function readListed(items: readonly unknown[]) {
  const templates = new Map<string, Template>();
  const oddities: OddTemplate[] = [];
  for (const item of items) {
    const read = templateOf(item);
    if ("words" in read) oddities.push(read);
    else if (!templates.has(templateName(read))) templates.set(templateName(read), read);
  }
  return { templates: [...templates.values()], oddities };
}

function templateOf(item: unknown): Template | OddTemplate {
  const id = cutText(`${named(item, "name")}.${named(item, "language")}`, SETTING_NAME_LENGTH_MAX);
  if (!Value.Check(Listed, item))
    return { id, words: "It has no name, language, status or category." };
  const text = bodyText(item.components ?? []);
  const template = {
    channel: "whatsapp",
    name: item.name,
    language: item.language,
    category: item.category.toLowerCase(),
    status: STATUS_OF_WORD.get(item.status.toUpperCase()) ?? "rejected",
    ...(text !== undefined && { text }),
    format: formatOf(item.components ?? []),
  };
  if (Value.Check(TemplateBody, template)) return { ...template, ...ttlOf(item, template) };
  const [first] = Value.Errors(TemplateBody, template);
  return { id, words: `${first?.instancePath ?? ""} ${first?.message ?? "is odd"}.`.trim() };
}

/** Of JSON nothing else can be told: an object may say that it is no text. */
function named(item: unknown, member: string): string {
  const value = memberOf(item, member);
  return typeof value === "string" ? value : "?";
}

/** Its variables stand in it as Meta has them, by name or by number: that says the parameter format. */
function bodyText(components: readonly unknown[]): string | undefined {
  const body = components.find((each) => typeOf(each) === "BODY");
  const text = memberOf(body, "text");
  return typeof text === "string" && text !== "" ? text : undefined;
}

const MEDIA: ReadonlySet<unknown> = new Set(["IMAGE", "VIDEO", "DOCUMENT", "LOCATION"]);
const INTERACTIVE: ReadonlySet<unknown> = new Set(["BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"]);

function formatOf(components: readonly unknown[]): "text" | "media" | "interactive" {
  if (components.some((each) => INTERACTIVE.has(typeOf(each)))) return "interactive";
  const isMedia = components.some((each) => MEDIA.has(memberOf(each, "format")));
  return isMedia ? "media" : "text";
}

function typeOf(component: unknown): unknown {
  const type = memberOf(component, "type");
  return typeof type === "string" ? type.toUpperCase() : type;
}

/** -1 stands for Meta's default, as none does. */
function ttlOf(item: unknown, template: Template) {
  const ttlSeconds = memberOf(item, "message_send_ttl_seconds");
  if (typeof ttlSeconds !== "number") return {};
  const timed = { ...template, ttlSeconds };
  const isTaken = Value.Check(TemplateBody, timed) && templateTtlFault(timed) === null;
  return isTaken ? { ttlSeconds } : {};
}
