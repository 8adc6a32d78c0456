// Lua scripts live in files beside the lib that owns them, and run by their hash.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export type Script = { readonly source: string; readonly sha: string };

const whole = new URL("lua/whole.lua", import.meta.url);

/**
 * Reads a script from disk; meant for a module's top level: `new URL("lua/x.lua", import.meta.url)`.
 * Several files are one script, in their order: Lua in Redis cannot include what scripts share.
 */
export function readScript(...urls: URL[]): Script {
  const source = [whole, ...urls].map((url) => readFileSync(url, "utf8")).join("\n");
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}
