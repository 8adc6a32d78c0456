import { dottedPath } from "#libs/dialects/dotted-path.ts";

/** Infobip's names of our members, by how a pointer begins or ends. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^\/scheduledAt\b/, "/options/schedule/sendAt"],
  [/^\/callbackUrl\b/, "/webhooks/delivery/url"],
  [/^\/recipient\b.*/, "/destinations"],
  [/^\/steps\/0\/(wait|ttl)Seconds\b/, "/options/validityPeriod"],
  [/^\/steps\/0\b/, ""],
  [/\/(wait|ttl)Seconds\b/, "/validityPeriod"],
  [/\/content\/(text|fallbackText)\b/, "/content/body/text"],
];

/** Where in a message of Infobip's a member of ours comes from: a step after the first is a failover. */
export function memberPath(pointer: string): string {
  const first = NAMES.reduce((path, [ours, theirs]) => path.replace(ours, theirs), pointer);
  return dottedPath(first.replace(/^\/steps\/(\d+)/, (_, step) => `/failover/${Number(step) - 1}`));
}
