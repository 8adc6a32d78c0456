// How long WhatsApp tries to deliver a template, by its category. The ranges and defaults are Meta's
// ("Time to live" of its template documentation), and 8x8's guide to template validity has the same.
import type { BodyOf } from "./setting.ts";

const DAY_SECONDS = 86_400;

type Category = BodyOf<"template">["category"];

const RULES: Readonly<Record<Category, { minimum: number; maximum: number; default: number }>> = {
  authentication: { minimum: 30, maximum: 900, default: 600 },
  utility: { minimum: 30, maximum: 43_200, default: 30 * DAY_SECONDS },
  marketing: { minimum: 43_200, maximum: 30 * DAY_SECONDS, default: 30 * DAY_SECONDS },
};

/** The seconds that WhatsApp tries: the template's own, else its category's. */
export function templateTtl({ category, ttlSeconds }: BodyOf<"template">): number {
  return ttlSeconds ?? RULES[category].default;
}

/** What is wrong with a template's TTL; null where WhatsApp would take it. */
export function templateTtlFault({ category, ttlSeconds }: BodyOf<"template">): string | null {
  const { minimum, maximum } = RULES[category];
  if (ttlSeconds === undefined || (ttlSeconds >= minimum && ttlSeconds <= maximum)) return null;
  return `/ttlSeconds must be from ${minimum} to ${maximum} for ${category} templates`;
}
