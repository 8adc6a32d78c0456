// What a message of either of Vonage's APIs says, as our content.
import type { Content } from "#libs/contracts/generated/types.ts";
import { templateParameters } from "#libs/dialects/template-parameters.ts";
import { textContent } from "#libs/dialects/text-content.ts";

export const mediaTypes = ["image", "audio", "video", "file"] as const;
export type MediaType = (typeof mediaTypes)[number];

const CONTENT_TYPES = { image: "IMAGE", audio: "AUDIO", video: "VIDEO", file: "FILE" } as const;

type Media = { url: string; caption?: string; name?: string };

/** The caption is our text, so an SMS that has nothing else to say may say it. */
export function mediaContent(type: MediaType, { url, caption, name }: Media): Content {
  const rich = { url, ...(name !== undefined && { [type]: { filename: name } }) };
  return richContent(CONTENT_TYPES[type], rich, caption ?? null);
}

type GivenTemplate = {
  name: string;
  /** BCP 47. */
  locale: string;
  parameters: readonly string[];
};

/**
 * A WhatsApp template as Meta's. "Vonage will translate the BCP 47 format to the WhatsApp equivalent. For
 * examples en-GB will be auto-translate to en_GB." A namespace before the name was Meta's once, and
 * says nothing any more.
 */
export function templateContent({ name, locale, parameters }: GivenTemplate): Content {
  const variables = parameters.map((said, index) => [`${index + 1}`, said] as const);
  const template = {
    name: name.slice(name.lastIndexOf(":") + 1),
    language: locale.replaceAll("-", "_"),
    ...(variables.length > 0 && {
      components: [{ type: "body", parameters: templateParameters(variables, true) }],
    }),
  };
  return richContent("TEMPLATE", { template });
}

/** What our contract has no text for. */
export function richContent(
  type: Content["type"],
  rich: object,
  text: string | null = null,
): Content {
  return { ...textContent(""), type, text, richJson: JSON.stringify(rich) };
}
