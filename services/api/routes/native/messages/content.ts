// `content`, of a message or of one of its steps.
import type { Content } from "#libs/contracts/generated/types.ts";
import type { ContentBody } from "./content-body.ts";

/** What a type cannot do without, as faults with their JSON pointers; none where it is complete. */
export function contentFaults(content: ContentBody, path: string): string[] {
  const { type, text, template, rich } = content;
  if (template && type !== "TEMPLATE") return [`${path}/template needs type TEMPLATE`];
  if (type === "TEXT") return text ? [] : [`${path}/text is missing: type TEXT needs it`];
  if (type === "TEMPLATE")
    return template ? [] : [`${path}/template is missing: its type needs it`];
  const isThere = rich !== undefined && Object.keys(rich).length > 0;
  return isThere ? [] : [`${path}/rich is missing: type ${type} needs it`];
}

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
