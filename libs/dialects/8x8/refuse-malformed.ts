// Half of a surrogate pair, as a client leaves it that cuts a text in the midst of an emoji: refused
// wherever it stands, in a name as in a text, with the code of the member that it is in.
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { malformedTexts } from "#libs/json/malformed-text.ts";
import type { ErrorCode } from "./error-codes.ts";
import { Refusal } from "./refusal.ts";

/** By how a JSON pointer looks; the first that fits counts. Any other is 1000. */
const CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^\/client(Message|Batch)Id$/, 1008],
  [/^\/user\/msisdn$/, 3003],
  [/^\/user\/country$/, 3018],
  [/^\/type$/, 3010],
  [/^\/content\/(text|fallbackText)$/, 1004],
  [/^\/content\/sms\/source$/, 1005],
  [/^\/content\/sms\/encoding$/, 1003],
  [/^\/content\/template\/name$/, 3032],
  [/^\/content\/template\/language$/, 3037],
  [/^\/content\/template\/components\/.*\/(url|link)$/, 3046],
  [/^\/content\/template\/components\//, 3041],
  [/^\/content\/(\w+\/)?url$/, 3008],
  [/^\/channels\/\d+\/channel$/, 3022],
  [/^\/channels\/\d+\/successStatus$/, 3024],
  [/^\/channels\/\d+\/channelId$/, 3051],
  [/^\/scheduled$/, 1011],
  [/^\/expiry$/, 1006],
  [/^\/dlrCallbackUrl$/, 3020],
];

/** Throws a Refusal of the first text or name in a client's JSON that is no Unicode. */
export function refuseMalformed(given: unknown): void {
  const [path] = malformedTexts(given);
  if (path === undefined) return;
  const code = CODES.find(([place]) => place.test(path))?.[1] ?? 1000;
  throw new Refusal(
    code,
    `${dottedPath(path)} has half of a surrogate pair: it is no Unicode text.`,
  );
}
