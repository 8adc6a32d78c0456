// What a message says: a text, or a template with its variables.
import type { Content } from "#libs/contracts/generated/types.ts";
import { missing } from "#libs/dialects/alibaba/api-error.ts";
import { templateParameters } from "#libs/dialects/template-parameters.ts";
import { textContent } from "#libs/dialects/text-content.ts";
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
  if (Type === "template") {
    const richJson = JSON.stringify({ template: toTemplate(given) });
    return { type: "TEMPLATE", text: null, richJson, fallbackText: null, sms: null };
  }
  if (MessageType === undefined) throw missing("MessageType");
  if (!said) throw missing("Content");
  return textContent(said.text);
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
  const isNumbered = variables.every(([variable]) => /^\d+$/.test(variable));
  const components = [{ type: "body", parameters: templateParameters(variables, isNumbered) }];
  return { name, language, components };
}
