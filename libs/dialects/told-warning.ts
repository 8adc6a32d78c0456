// What a sender should know of a message that is taken all the same, as its client is told.
import type { RequestWarning } from "#libs/judgement/warnings.ts";

/** `path`: where in the client's request. `detail`: a sentence that names that too. */
export type Warning = { code: string; path: string; detail: string };

/** A warning of the judge's. `path`, and `subject` in its sentence: what it is about, in the vendor's words. */
export function toldWarning(
  { code, words }: RequestWarning,
  { path, subject = path }: { path: string; subject?: string },
): Warning {
  return { code, path, detail: `${subject} ${words}.` };
}
