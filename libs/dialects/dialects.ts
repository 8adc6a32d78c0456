// The one list of dialects: who is told in one looks it up here.
import { eightByEight } from "./8x8/eight-by-eight.ts";
import { alibaba } from "./alibaba/alibaba.ts";
import type { Dialect } from "./dialect.ts";
import { infobip } from "./infobip/infobip.ts";
import { kaleyra } from "./kaleyra/kaleyra.ts";
import type { DialectName } from "./names.ts";
import { native } from "./native/native.ts";
import { vonageDispatch } from "./vonage/dispatch/vonage-dispatch.ts";
import { vonage } from "./vonage/vonage.ts";

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  native,
  "8x8": eightByEight,
  infobip,
  kaleyra,
  alibaba,
  vonage,
  "vonage-dispatch": vonageDispatch,
};

/** The dialect that a request came in; our own where it names none, as those by Kafka do. */
export function dialectOf(name: string | null): Dialect {
  return Object.values(dialects).find((dialect) => dialect.name === name) ?? native;
}
