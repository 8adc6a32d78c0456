import type { ProviderAnswer } from "./provider-adapter.ts";

export const NOT_SERVED = "content-not-served";

/** The answer to a command whose content its provider has no words for. */
export const notServed: ProviderAnswer = {
  type: "refused",
  code: NOT_SERVED,
  errorClass: "CONTENT",
  text: "The provider of this connection cannot say content of this kind.",
};
