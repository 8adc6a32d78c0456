import type { ProviderAnswer } from "./provider-adapter.ts";

/** The answer to a command that no provider need be called for. */
export const noAddress: ProviderAnswer = {
  type: "refused",
  code: "no-address",
  errorClass: "PERMANENT",
  text: "The recipient has no address on this channel.",
};
