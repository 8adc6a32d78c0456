import type { Fault } from "#libs/judgement/fault.ts";

/** What the judge says of a fault, with the vendor's name of an unknown channel in place of ours. */
export function channelWords(
  { code, words }: Pick<Fault, "code" | "words">,
  nameOf: (channel: string) => string,
): string {
  if (code !== "unknown-channel") return words;
  return words.replace(/^"(\w+)"/, (_, channel) => JSON.stringify(nameOf(channel)));
}
