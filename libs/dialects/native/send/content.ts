// `content`, of a message or of one of its steps.
import type { Content } from "#libs/contracts/generated/types.ts";
import type { ContentBody } from "./content-body.ts";

/** Empty texts count as absent: nobody wants to send one. */
export function toContent({ type, text, template, rich, fallbackText, sms }: ContentBody): Content {
  const whole = { ...rich, ...(template && { template }) };
  return {
    type,
    text: text || null,
    richJson: Object.keys(whole).length === 0 ? null : JSON.stringify(whole),
    fallbackText: fallbackText || null,
    sms: sms ? { encoding: sms.encoding, source: sms.source ?? null } : null,
  };
}
