import { type Fault, fault } from "./fault.ts";

/**
 * Members whose word is none that is known here; `path` is where they stand. Words of a newer contract
 * are not guessed at: a message would do what nobody asked for.
 */
export function unknownWords(members: Readonly<Record<string, string>>, path: string): Fault[] {
  const unknown = Object.entries(members).filter(([, word]) => word === "UNKNOWN");
  return unknown.map(([member]) =>
    fault("unknown-word", `${path}/${member}`, "is a word that is not known here"),
  );
}
