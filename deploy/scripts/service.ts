// `npm run service -- <name>`: one service alone, with the environment as it is.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const SERVICES = join(import.meta.dirname, "../../services");

const name = process.argv[2] ?? "";
const names = readdirSync(SERVICES).filter((folder) =>
  existsSync(join(SERVICES, folder, "main.ts")),
);
if (names.includes(name)) {
  await import(pathToFileURL(join(SERVICES, name, "main.ts")).href);
} else {
  console.error(`Name a service to run: ${names.join(", ")}.`);
  process.exitCode = 1;
}
