/**
 * Every dialect by name: what a request says that it came in (`SendRequest.dialect`), the format of a
 * webhook, a label of metrics. Each vendor has a folder here and one in
 * `services/api/dialects`.
 */
export const dialectNames = [
  "native",
  "8x8",
  "infobip",
  "kaleyra",
  "alibaba",
  "vonage",
  "vonage-dispatch",
] as const;
export type DialectName = (typeof dialectNames)[number];
