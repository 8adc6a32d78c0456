// A template with its variables filled becomes what a step says.
import type { Content } from "#libs/contracts/generated/types.ts";
import { SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { templateParameters } from "#libs/dialects/template-parameters.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import type { Account } from "#libs/settings/account.ts";
import type { BodyOf } from "#libs/settings/setting.ts";

/** `{{1}}` or `{{name}}`. */
const VARIABLE = /\{\{\s*(\w{1,64})\s*\}\}/g;
const NUMBER = /^[1-9]\d?$/;

/** Septets of as many segments as an SMS may have, and more than it may have of any other alphabet's characters. */
const SMS_LENGTH_MAX = SEGMENT_COUNT_MAX * 160;

type Params = ReadonlyMap<string, string>;
type Said = { channel: string; template: string };
type WhatsappTemplate = BodyOf<"template">;

/** The variables of a text, each once, in their order. */
function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].flatMap(([, name]) => name ?? []))];
}

/** What is wrong with the parameters of a text whose variables are known; none fits any. */
export function paramFaults(text: string | undefined, params: Params): string[] {
  if (text === undefined) return [];
  const variables = new Set(variablesOf(text));
  const missing = [...variables].filter((name) => !params.has(name));
  const unknown = [...params.keys()].filter((name) => !variables.has(name));
  return [
    ...missing.map((name) => `must have ${JSON.stringify(name)}`),
    ...unknown.map((name) => `has ${JSON.stringify(name)}, which the template does not`),
  ];
}

/** What the template says with these parameters; undefined for one that the account does not have. */
export function filledTemplate(
  { channel, template }: Said,
  params: Params,
  { smsTemplates, templates }: Account,
): Content | undefined {
  const text = channel === "sms" ? smsTemplates.get(template)?.text : undefined;
  if (text !== undefined) return textContent(filledText(text, params));
  const found = channel === "whatsapp" ? templates.get(template) : undefined;
  if (!found) return undefined;
  const richJson = JSON.stringify({ template: filledWhatsapp(found, params) });
  return { type: "TEMPLATE", text: null, richJson, fallbackText: null, sms: null };
}

/** Where it is longer than any SMS, as much of it as shows that: one parameter may stand there thousands of times. */
function filledText(text: string, params: Params): string {
  let [said, end] = ["", 0];
  for (const { 0: variable, 1: name = "", index } of text.matchAll(VARIABLE)) {
    said += text.slice(end, index) + (params.get(name) ?? "");
    end = index + variable.length;
    if (said.length > SMS_LENGTH_MAX) return said;
  }
  return said + text.slice(end);
}

function filledWhatsapp(template: WhatsappTemplate, params: Params) {
  const { name, language, category } = template;
  const body = bodyParameters(template, params);
  // Meta wants the code of an authentication template in its button too.
  const [code] = body;
  const button = { type: "button", sub_type: "url", index: "0", parameters: [code] };
  const hasButton = category === "authentication" && code !== undefined;
  const components = [{ type: "body", parameters: body }, ...(hasButton ? [button] : [])];
  return { name, language, ...(body.length > 0 && { components }) };
}

/** Numbered variables go by their number, others by their name. */
function bodyParameters({ text }: WhatsappTemplate, params: Params) {
  const names = text === undefined ? [...params.keys()] : variablesOf(text);
  const isNumbered = names.every((name) => NUMBER.test(name));
  const variables = names.map((name) => [name, params.get(name) ?? ""] as const);
  return templateParameters(variables, isNumbered);
}
