// The product's next version: a copy of this tree whose records have one more optional field each, as
// CONTRIBUTING allows.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** What a process runs of. */
const FOLDERS = ["libs", "services", "schemas"];
const CHANGED = ["journal-entry", "send-request", "dispatch-command", "status-report"];
/** Its default is what the next version writes, and what this one does not know. */
const ADDED = {
  name: "addedLater",
  type: "string",
  default: "by N+1",
  doc: "What N does not know.",
};

export type NextVersion = AsyncDisposable & { tree: string };

/** Writes it to a folder of its own. Disposal removes that. */
export async function makeNextVersion(): Promise<NextVersion> {
  const tree = await mkdtemp(join(tmpdir(), "next-version-"));
  for (const folder of FOLDERS)
    await cp(join(ROOT, folder), join(tree, folder), { recursive: true });
  await cp(join(ROOT, "package.json"), join(tree, "package.json"));
  await symlink(join(ROOT, "node_modules"), join(tree, "node_modules"));
  for (const name of CHANGED) await addField(join(tree, "schemas", `${name}.avsc`));
  return {
    tree,
    [Symbol.asyncDispose]: () => rm(tree, { recursive: true, force: true }),
  };
}

async function addField(file: string): Promise<void> {
  const schema: { fields: object[] } = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...schema, fields: [...schema.fields, ADDED] }));
}
