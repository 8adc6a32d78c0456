// A WhatsApp template as both of Vonage's APIs name and fill it, as Meta's.
import { templateParameters } from "#libs/dialects/template-parameters.ts";

type Given = {
  name: string;
  /** BCP 47. */
  locale: string;
  parameters: readonly string[];
};

/**
 * "Vonage will translate the BCP 47 format to the WhatsApp equivalent. For examples en-GB will be
 * auto-translate to en_GB." A namespace before the name was Meta's once, and says nothing any more.
 */
export function toTemplate({ name, locale, parameters }: Given) {
  const variables = parameters.map((said, index) => [`${index + 1}`, said] as const);
  return {
    name: name.slice(name.lastIndexOf(":") + 1),
    language: locale.replaceAll("-", "_"),
    ...(variables.length > 0 && {
      components: [{ type: "body", parameters: templateParameters(variables, true) }],
    }),
  };
}
