// `If-Match` and `If-None-Match` (RFC 9110, section 13) as what the caller believes of a setting.
import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "#libs/dialects/native/problem.ts";
import type { Expected } from "#libs/settings/expected.ts";

/** A strong ETag of ours; weak ones and others' match nothing. */
const ETAG = /^"(\d{1,15})"$/;

export function etagOf({ revision }: { revision: number }): string {
  return `"${revision}"`;
}

/** Throws Problem for both headers at once, and for an `If-None-Match` that is not `*`. */
export function parseExpected(headers: IncomingHttpHeaders): Expected {
  const { "if-match": match, "if-none-match": noneMatch } = headers;
  if (noneMatch !== undefined) {
    if (noneMatch === "*" && match === undefined) return "absent";
    throw new Problem("bad-request", "Send `If-None-Match: *` alone, or `If-Match`.");
  }
  if (match === undefined) return "unsaid";
  if (match.trim() === "*") return "present";
  const revisions = match.split(",").map((tag) => Number(ETAG.exec(tag.trim())?.[1] ?? Number.NaN));
  return { revisions };
}
