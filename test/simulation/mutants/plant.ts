// Loaded before a simulation (`node --import`): a file of the project, or two, reads as if its bug were there,
// the others as they are. Nothing is written. Ends the process where the bug does not fit any more.
import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Change, plantedBugs } from "./planted-bugs.ts";

const name = process.env["PLANTED_BUG"];
const bug = plantedBugs.find((each) => each.name === name);
if (!bug) throw new Error(`There is no planted bug "${name}".`);
const changes = bug.also ? [bug, bug.also] : [bug];
/** By their paths: what is read in place of those files. */
const planted = new Map(changes.map((change) => [pathOf(change), plant(change)]));
const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    const original = next(url, context);
    const source = url.startsWith("file:") ? read(fileURLToPath(url)) : undefined;
    return source === undefined ? original : { ...original, source };
  },
});

// Scripts are read, not imported.
const { readFileSync } = fs;
fs.readFileSync = ((file: fs.PathOrFileDescriptor, ...rest: never[]) => {
  const path = file instanceof URL ? fileURLToPath(file) : String(file);
  return (path.endsWith(".lua") && read(path)) || readFileSync(file, ...rest);
}) as typeof readFileSync;
syncBuiltinESMExports();

process.on("exit", () => {
  const missed = [...planted.keys()].filter((path) => !loaded.has(path));
  if (missed.length === 0) return;
  throw new Error(`${missed.join(", ")} was never loaded: the simulation does not go there.`);
});

function read(path: string): string | undefined {
  if (planted.has(path)) loaded.add(path);
  return planted.get(path);
}

function pathOf({ file }: Change): string {
  return resolve(import.meta.dirname, "../../..", file);
}

function plant(change: Change): string {
  const { file, from, to } = change;
  const parts = fs.readFileSync(pathOf(change), "utf8").split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`${file} has ${parts.length - 1} times, not once: ${from}`);
}
