// A template with its variables filled becomes what a step says.
import type { Content } from "#libs/contracts/generated/types.ts";
import { templateParameters } from "#libs/dialects/template-parameters.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import type { Account } from "#libs/settings/account.ts";
import type { BodyOf } from "#libs/settings/setting.ts";

/** `{{1}}` or `{{name}}`. */
const VARIABLE = /\{\{\s*(\w{1,64})\s*\}\}/g;
const NUMBER = /^[1-9]\d?$/;

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
  const variables = variablesOf(text);
  const missing = variables.filter((name) => !params.has(name));
  const unknown = [...params.keys()].filter((name) => !variables.includes(name));
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
  if (text !== undefined) {
    const said = text.replaceAll(VARIABLE, (_, name: string) => params.get(name) ?? "");
    return textContent(said);
  }
  const found = channel === "whatsapp" ? templates.get(template) : undefined;
  if (!found) return undefined;
  const richJson = JSON.stringify({ template: filledWhatsapp(found, params) });
  return { type: "TEMPLATE", text: null, richJson, fallbackText: null, sms: null };
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
