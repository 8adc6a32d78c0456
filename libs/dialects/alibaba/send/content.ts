// What a message says: a text, or a template with its variables.
import type { Content } from "#libs/contracts/generated/types.ts";
import { missing } from "#libs/dialects/alibaba/api-error.ts";
import type { SendParameters } from "./parameters.ts";

type ContentParameters = Pick<
  SendParameters,
  | "Type"
  | "MessageType"
  | "Content"
  | "TemplateCode"
  | "TemplateName"
  | "Language"
  | "TemplateParams"
>;

/** Throws ApiError for a parameter that its type cannot do without. */
export function toContent(given: ContentParameters): Content {
  const { Type, MessageType, Content: said } = given;
  const none = { richJson: null, fallbackText: null, sms: null };
  if (Type === "template") {
    const richJson = JSON.stringify({ template: toTemplate(given) });
    return { type: "TEMPLATE", text: null, ...none, richJson };
  }
  if (MessageType === undefined) throw missing("MessageType");
  if (!said) throw missing("Content");
  return { type: "TEXT", text: said.text, ...none };
}

/** Throws ApiError for a template without a name or a language. */
export function checkTemplate({ Type, TemplateCode, TemplateName, Language }: ContentParameters) {
  if (Type !== "template") return;
  if ((TemplateName ?? TemplateCode) === undefined) throw missing("TemplateCode");
  if (Language === undefined) throw missing("Language");
}

/** A template is known here by its name: that stands for Alibaba's code too. */
function toTemplate(given: ContentParameters) {
  const { TemplateCode = "", TemplateName: name = TemplateCode, Language: language = "" } = given;
  const variables = Object.entries(given.TemplateParams ?? {});
  if (variables.length === 0) return { name, language };
  const components = [{ type: "body", parameters: toParameters(variables) }];
  return { name, language, components };
}

/** Variables that are numbered are Meta's positions; others have names there too. */
function toParameters(variables: [name: string, text: string][]) {
  const isNumbered = variables.every(([name]) => /^\d+$/.test(name));
  if (!isNumbered) {
    return variables.map(([name, text]) => ({ type: "text", parameter_name: name, text }));
  }
  const inOrder = variables.toSorted(([a], [b]) => Number(a) - Number(b));
  return inOrder.map(([, text]) => ({ type: "text", text }));
}
