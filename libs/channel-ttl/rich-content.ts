// What a TTL depends on in the rich content that a customer sent; the rest of it is the provider's.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "#libs/json/parse-json.ts";

const Template = Type.Object({ name: Type.String(), language: Type.String() });
const RichContent = Type.Object({ template: Template });
/** The range of 8x8's OpenAPI. */
export const DIRECT_SEND_TTL_SECONDS = { minimum: 30, maximum: 43_200 };
/**
 * 8x8's direct send carries a TTL of its own. One out of range says nothing: rich content is the
 * sender's JSON, which nobody need have checked.
 */
const DirectSend = Type.Object({
  whatsApp: Type.Object({
    directSend: Type.Object({ ttlSeconds: Type.Integer(DIRECT_SEND_TTL_SECONDS) }),
  }),
});

export type RichTtl = {
  template?: { name: string; language: string };
  directSendTtlSeconds?: number;
};

/** Never throws: content that cannot be read says nothing about a TTL. */
export function readRichContent(richJson: string): RichTtl {
  const rich = parseJson(richJson);
  return {
    ...(Value.Check(RichContent, rich) && { template: rich.template }),
    ...(Value.Check(DirectSend, rich) && {
      directSendTtlSeconds: rich.whatsApp.directSend.ttlSeconds,
    }),
  };
}
