// Settings that say in which vendor's words they are: `{ dialect: kaleyra, title: ... }`.
import { isObject } from "#libs/json/json-object.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { vendorCollections } from "./dialect.ts";
import { dialects } from "./dialects.ts";

/**
 * The setting in our words, still to be held against its schema; as it is where it names no dialect.
 * Throws ShapeError with all that is wrong in the vendor's words.
 */
export function inOwnWords(collection: string, given: unknown): unknown {
  if (!isObject(given) || !Object.hasOwn(given, "dialect")) return given;
  const { dialect: name, ...said } = given;
  const served = Object.values(dialects).flatMap((dialect) =>
    vendorCollections.flatMap((each) => {
      const read = each === collection && dialect.settings[each];
      return read ? [{ name: dialect.name, read }] : [];
    }),
  );
  const found = served.find((dialect) => dialect.name === name);
  if (found) return found.read(said);
  const names = served.map((dialect) => dialect.name).join(", ") || "left out";
  const fault = { path: "/dialect", words: `must be ${names} here`, keyword: "enum" };
  throw new ShapeError([fault]);
}
