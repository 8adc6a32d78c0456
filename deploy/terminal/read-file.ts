// The files that a command names.
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { type Fault, usageFault } from "./faults.ts";

/** The text of a file; `-` is standard input. Throws Fault. */
export async function readText(path: string): Promise<string> {
  try {
    return path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The object of a YAML or JSON file; `-` is standard input. Throws Fault. */
export async function readYamlObject(path: string): Promise<object> {
  const given = parseYaml(path, await readText(path));
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw usageFault(`${path} must hold one object, in YAML or JSON.`);
}

/** JSON is YAML too. */
function parseYaml(path: string, content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Fault {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return usageFault(`There is no file ${path}.`);
  }
  return usageFault(`${path} cannot be read: ${error instanceof Error ? error.message : "?"}`);
}
