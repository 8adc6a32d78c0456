// Goal: every planted bug fits the source of today, so that `npm run test:mutants` looks for all of them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plantedBugs } from "./planted-bugs.ts";

const root = join(import.meta.dirname, "../../..");

it.each(plantedBugs)("there is one place for it: $name", (bug) => {
  for (const { file, from } of bug.also ? [bug, bug.also] : [bug]) {
    expect(readFileSync(join(root, file), "utf8").split(from)).toHaveLength(2);
  }
});
