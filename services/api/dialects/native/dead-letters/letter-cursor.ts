// Where a list of dead letters goes on, topic by topic, as a client hands it back without reading it.
import { letterSources } from "#libs/dead-letters/letter.ts";
import { Problem } from "#libs/dialects/native/problem.ts";

const PLACE = /^(?<topic>[a-z-]+) (?<offset>\d{1,15})$/;

/** Where the next page begins, for a client that only hands it back. */
export function encodeLetterCursor(before: ReadonlyMap<string, number>): string {
  const places = [...before].map(([topic, offset]) => `${topic} ${offset}`);
  return Buffer.from(places.join("\n")).toString("base64url");
}

/** Throws Problem `bad-request` for what no answer of ours has held. */
export function parseLetterCursor(cursor: string): ReadonlyMap<string, number> {
  const places = Buffer.from(cursor, "base64url").toString().split("\n");
  const before = new Map(
    places.flatMap((place) => {
      const { topic = "", offset } = PLACE.exec(place)?.groups ?? {};
      return letterSources.includes(topic) ? [[topic, Number(offset)] as const] : [];
    }),
  );
  if (encodeLetterCursor(before) === cursor) return before;
  throw new Problem("bad-request", "Send the `nextCursor` of the page before, as it is.");
}
