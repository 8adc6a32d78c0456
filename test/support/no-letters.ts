// For servers that have no dead letters.
import type { ApiDeps } from "#services/api/api-deps.ts";

export const noLetters: ApiDeps["deadLetters"] = {
  list: async () => ({ letters: [], next: null }),
  find: async () => null,
  replay: async () => [],
  drop: async () => [],
};
