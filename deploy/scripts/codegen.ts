// Writes `libs/contracts/generated/types.ts` from `schemas/*.avsc`. With `--check` it writes nothing
// and exits with 1 when the file is not what the schemas say.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { generateTypes } from "#deploy/codegen/generate-types.ts";

const TYPES_FILE = "libs/contracts/generated/types.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const written = existsSync(TYPES_FILE) ? readFileSync(TYPES_FILE, "utf8") : "";
const generated = generateTypes("schemas");

if (!values.check) {
  writeFileSync(TYPES_FILE, generated);
} else if (written !== generated) {
  console.error(`${TYPES_FILE} is older than schemas/*.avsc. Run \`npm run codegen\`.`);
  process.exitCode = 1;
}
