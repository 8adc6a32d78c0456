// Loaded before a simulation (`node --import`): one file of the project reads as if its bug were there, the
// others as they are. Nothing is written. Ends the process where the bug does not fit any more.
import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { plantedBugs } from "./planted-bugs.ts";

const name = process.env["PLANTED_BUG"];
const bug = plantedBugs.find((each) => each.name === name);
if (!bug) throw new Error(`There is no planted bug "${name}".`);
const path = resolve(import.meta.dirname, "../../..", bug.file);
const planted = plant(fs.readFileSync(path, "utf8"));
let isLoaded = false;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.startsWith("file:") || fileURLToPath(url) !== path) return loaded;
    isLoaded = true;
    return { ...loaded, source: planted };
  },
});

// Scripts are read, not imported.
const { readFileSync } = fs;
fs.readFileSync = ((file: fs.PathOrFileDescriptor, ...rest: never[]) => {
  const isPlace = file instanceof URL ? fileURLToPath(file) === path : file === path;
  if (!isPlace || !path.endsWith(".lua")) return readFileSync(file, ...rest);
  isLoaded = true;
  return planted;
}) as typeof readFileSync;
syncBuiltinESMExports();

process.on("exit", () => {
  if (!isLoaded) throw new Error(`${path} was never loaded: the simulation does not go there.`);
});

function plant(source: string): string {
  const { file, from, to } = bug!;
  const parts = source.split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`${file} has ${parts.length - 1} times, not once: ${from}`);
}
