// Secrets of the environment: `NAME`, or `NAME_FILE`, the path of a file that holds it, as
// orchestrators hand them out. No sentence about a secret ever shows it.
import { readFileSync } from "node:fs";

type Source = {
  /** The variable, trimmed; undefined when unset or empty. */
  value: (name: string) => string | undefined;
  fault: <T>(sentence: string, placeholder: T) => T;
};
type SecretRule = {
  /** Why this one must not guard anything, to follow its name; undefined where it may. */
  findFault: (secret: string) => string | undefined;
  /** Stands in where none is given, and is good when it is given. */
  default?: string;
  /** What to do about a missing one, to follow "is missing:"; without it there may be none. */
  missing?: string;
};

/** Reads secrets and hands each fault to `fault`, so that all of an environment's are told at once. */
export function secretReader({ value, fault }: Source) {
  /** Which variable holds a secret, by each of its readings, so that no second one holds the same. */
  const ownedBy = new Map<string, string>();

  /**
   * What somebody else gave us, a password or a PEM text: from `name`, or from the file that
   * `name`_FILE names, without one line break at its end. "" when there is neither.
   */
  function password(name: string): string {
    return find(name) ?? "";
  }

  /**
   * A secret by which we believe others, or keep things shut; "" where there may be none. A weak
   * one is a fault, and so is one that another variable holds as well, however it is spelt, or has in its list: who
   * was given the one would have the other.
   */
  function secret(name: string, { findFault, missing, ...rule }: SecretRule): string {
    const given = find(name) ?? rule.default ?? "";
    if (given === "" && missing !== undefined && !isGiven(name)) {
      return fault(`${name} is missing: ${missing}.`, "");
    }
    if (given === "" || given === rule.default) return given;
    const weakness = findFault(given);
    if (weakness !== undefined) return fault(`${name}: ${weakness}.`, "");
    const readings = readingsOf(given);
    const owners = readings.flatMap((each) => ownedBy.get(each) ?? []);
    // Several services of one process read the same variable.
    const owner = owners.find((each) => each !== name);
    for (const each of readings) ownedBy.set(each, owner ?? name);
    if (owner === undefined) return given;
    return fault(`${name} is the same as ${owner}; each purpose needs a secret of its own.`, "");
  }

  function isGiven(name: string): boolean {
    return value(name) !== undefined || value(`${name}_FILE`) !== undefined;
  }

  function find(name: string): string | undefined {
    const path = value(`${name}_FILE`);
    const given = value(name);
    if (path === undefined) return given;
    if (given !== undefined) return fault(`${name} and ${name}_FILE are both set; keep one.`, "");
    try {
      const text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
      return text === "" ? fault(`${name}_FILE: ${path} is empty.`, "") : text;
    } catch (error) {
      return fault(`${name}_FILE: ${path} cannot be read (${codeOf(error)}).`, "");
    }
  }

  return { password, secret };
}

/** What bytes a secret, or each of a list, can be meant as: its own, and those that it spells in base64 or in hexadecimal digits. */
function readingsOf(secret: string): string[] {
  const each = [secret, ...secret.split(",").map((part) => part.trim())];
  return each.flatMap((text) => [
    Buffer.from(text).toString("hex"),
    ...(BASE64.test(text) ? [Buffer.from(text, "base64").toString("hex")] : []),
    ...(HEX.test(text) ? [text.toLowerCase()] : []),
  ]);
}

/** In either alphabet, with its equals signs or without. */
const BASE64 = /^[\w+/-]+={0,2}$/;
const HEX = /^([0-9a-f]{2})+$/i;

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
