import type { ProviderAnswer } from "./provider-adapter.ts";

/** The answer to a command whose content its provider has no words for. */
export const notServed: ProviderAnswer = {
  type: "refused",
  code: "content-not-served",
  errorClass: "CONTENT",
  text: "The provider of this connection cannot say content of this kind.",
};
