import type { Channel } from "#libs/contracts/topics.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import { classOfCode } from "./error-classes.ts";
import type { CarrierRefusal } from "./wire.ts";

/** What a carrier's refusal means: its word that it is temporary counts, and so does its code. */
export function answerOfRefusal(
  { code, text, temporary }: CarrierRefusal,
  channel: Channel,
): ProviderAnswer {
  const errorClass = classOfCode(channel, code);
  if (temporary || errorClass === "TEMPORARY") return { type: "temporary", code, text };
  return { type: "refused", code, text, errorClass };
}
