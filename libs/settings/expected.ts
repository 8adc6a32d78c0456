// What a caller believes of a setting that they change, as `If-Match` and `If-None-Match` say it.
import type { AnySetting } from "./setting.ts";
import { SettingRefusal } from "./setting-refusal.ts";

export type Expected =
  /** Nothing is said: good for what is not there yet. */
  | "unsaid"
  | "absent"
  | "present"
  /** Whatever is there: for changes that are right over any other. */
  | "anything"
  | { revisions: readonly number[] };

/** Throws SettingRefusal `revision-missing` or `revision-mismatch`. */
export function checkExpected(expected: Expected, current: AnySetting | undefined): void {
  if (current && expected === "unsaid") {
    throw new SettingRefusal(
      "revision-missing",
      "It is there already: send `If-Match` with the ETag of the version that you change.",
    );
  }
  if (isMet(expected, current?.revision)) return;
  throw new SettingRefusal(
    "revision-mismatch",
    current
      ? `It has been changed: read it again; its ETag is "${current.revision}".`
      : "It is not there (any more).",
  );
}

function isMet(expected: Expected, revision: number | undefined): boolean {
  switch (expected) {
    case "anything":
      return true;
    case "unsaid":
    case "absent":
      return revision === undefined;
    case "present":
      return revision !== undefined;
    default:
      return revision !== undefined && expected.revisions.includes(revision);
  }
}
