// A preview of changes as a person reads it.
import { styleText } from "node:util";
import { stringify } from "yaml";
import { printable } from "#libs/printable.ts";
import { type Done, placeOf } from "./apply-changes.ts";
import type { Change, PathChange } from "./diff-settings.ts";

const MARKS = {
  add: { mark: "+", colour: "green" },
  change: { mark: "~", colour: "yellow" },
  delete: { mark: "-", colour: "red" },
  leave: { mark: " ", colour: "dim" },
} as const;

/** Lines with a mark for each setting, and how many there are of each. */
export function showChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return "Nothing differs.";
  return [...changes.map(showChange), "", summary(changes)].join("\n");
}

const DONE = { add: "added", change: "changed", delete: "deleted", leave: "left" } as const;

/** A line for what was changed, and for a secret that is never shown again. */
export function showDone({ change, secret }: Done): string {
  const line = `  ${showPlace(change)} ${DONE[change.action]}`;
  if (secret === undefined) return line;
  return `${line}\n      ${styleText("bold", secret)}  Keep this secret now: it is never shown again.`;
}

function showPlace(change: Change): string {
  const { mark, colour } = MARKS[change.action];
  return styleText(colour, `${mark} ${printable(placeOf(change))}`);
}

function showChange(change: Change): string {
  const place = `  ${showPlace(change)}`;
  if (change.action === "leave") return `${place} ${styleText("dim", "is not in the file")}`;
  const paths = change.paths.map(showPath);
  const added = change.action === "add" ? indented(change.after) : [];
  return [place, ...paths, ...added].join("\n");
}

function showPath({ path, from, to }: PathChange): string {
  const arrow = styleText("dim", "->");
  return `      ${printable(path)}: ${styleText("red", shown(from))} ${arrow} ${styleText("green", shown(to))}`;
}

function indented(body: unknown): string[] {
  const text = stringify(body, { collectionStyle: "block" }).trimEnd();
  return text === "{}" ? [] : text.split("\n").map((line) => `      ${printable(line)}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "(none)";
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

function summary(changes: readonly Change[]): string {
  const count = (action: Change["action"]) =>
    changes.filter((each) => each.action === action).length;
  const parts = [
    `${count("add")} to add`,
    `${count("change")} to change`,
    `${count("delete")} to delete`,
  ].filter((part) => !part.startsWith("0 "));
  const left = count("leave");
  const rest =
    left > 0 ? [`${left} not in the file and left as they are (--prune deletes them)`] : [];
  return `${[...parts, ...rest].join(", ")}.`;
}
