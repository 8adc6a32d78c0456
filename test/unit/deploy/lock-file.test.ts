import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

type Entry = { optionalDependencies?: Record<string, string> };

const lockFile = join(import.meta.dirname, "../../../package-lock.json");
const packages: Record<string, Entry> = JSON.parse(readFileSync(lockFile, "utf8")).packages;

// A lock file written where a registry lacks some platforms' packages leaves them out, and then
// `npm ci` refuses it on every machine.
it("names the packages of every platform, so that a clean clone can be installed", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});
