// The files that a command names.
import { createReadStream } from "node:fs";
import { parse } from "yaml";
import { type Fault, usageFault } from "./faults.ts";

/** Ten times what an account with a thousand flows needs; beyond it the parser takes a minute. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The text of a file; `-` is standard input. Throws Fault. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return utf8.decode(bytes);
  } catch {
    throw usageFault(`${path} is no text in UTF-8.`);
  }
}

/** The object of a YAML or JSON file; `-` is standard input. Throws Fault. */
export async function readYamlObject(path: string): Promise<object> {
  const given = parseYaml(path, await readText(path));
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw usageFault(`${path} must hold one object, in YAML or JSON.`);
}

/** For whatever a file brings up that cannot be read as what it should be. */
export function unreadable(path: string, error: unknown): Fault {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return usageFault(`There is no file ${path}.`);
  }
  // What the engine says where its stack ends.
  if (error instanceof RangeError) return usageFault(`${path} is nested too deeply.`);
  return usageFault(`${path} cannot be read: ${error instanceof Error ? error.message : "?"}`);
}

async function readBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      byteCount += bytes.length;
      if (byteCount > FILE_BYTES_MAX) break;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  if (byteCount <= FILE_BYTES_MAX) return Buffer.concat(chunks);
  throw usageFault(`${path} is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB.`);
}

/** JSON is YAML too. */
function parseYaml(path: string, content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    throw unreadable(path, error);
  }
}
