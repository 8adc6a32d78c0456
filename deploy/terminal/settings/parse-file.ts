// From the text of a settings file to what it wants. Every fault is told with its line.

import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { ACCOUNT_ID } from "#libs/contracts/limits.ts";
import { isObject } from "#libs/json/json-object.ts";
import { SETTING_NAME } from "#libs/settings/bodies/members.ts";
import { settingNameOf } from "#libs/settings/bodies/template.ts";
import { type Fault, usageFault } from "../faults.ts";
import { unreadable } from "../read-file.ts";
import { type Found, findFaults, findVendorFaults } from "./body-faults.ts";
import {
  type Body,
  type ByCollection,
  collectionNames,
  collections,
  FileAccount,
  isCollection,
  isSingle,
  type WantedSettings,
} from "./collections.ts";

/** Faults of a file that are told at once. */
const FAULT_COUNT_MAX = 20;

type Path = readonly (string | number)[];
type Position = { line: number; col: number };
type FileFault = Found & { path: Path };
type Parsed = { wanted: WantedSettings; faults: FileFault[] };

/** What the file wants, with defaults filled in. Throws Fault with file, line, column and path. */
export function parseSettingsFile(text: string, fileName: string): WantedSettings {
  const lines = new LineCounter();
  const document = parse(text, { lines, fileName });
  const [syntax] = document.errors;
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    const [sentence = ""] = syntax.message.split(/ at line \d/);
    throw usageFault(`${fileName}:${line}:${col}: this is no YAML: ${sentence}.`);
  }
  const { wanted, faults } = readOrRefuse(document, fileName);
  if (faults.length > 0) throw toFault(faults, (path) => where(path, document, lines), fileName);
  return wanted;
}

function parse(text: string, { lines, fileName }: { lines: LineCounter; fileName: string }) {
  try {
    return parseDocument(text, { lineCounter: lines });
  } catch (error) {
    throw unreadable(fileName, error);
  }
}

/** Aliases that multiply (ten lines would be billions of settings) and endless nesting are faults. */
function readOrRefuse(document: Document, fileName: string): Parsed {
  try {
    return readSettings(document.toJS());
  } catch (error) {
    throw unreadable(fileName, error);
  }
}

function readSettings(given: unknown): Parsed {
  const faults: FileFault[] = [];
  const tell = (path: Path, what: string) => void faults.push({ path, at: [], what });
  const parts = isObject(given) ? given : {};
  if (!isObject(given)) tell([], "must be a mapping with `account`");
  for (const name of Object.keys(parts)) {
    if (name === "account" || isCollection(name)) continue;
    tell([name], `is unknown; there are account, ${collectionNames.join(", ")}`);
  }
  const { id, ...account } = isObject(parts["account"]) ? parts["account"] : {};
  const accountId = typeof id === "string" ? id : "";
  if (!ACCOUNT_ID.test(accountId)) {
    tell(["account", "id"], id === undefined ? "is missing" : `must match ${ACCOUNT_ID.source}`);
  }
  const wanted: { accountId: string; account?: Body; items: ByCollection<Body> } = {
    accountId,
    items: new Map(
      collectionNames.flatMap((name) =>
        name in parts ? [[name, readItems(name, parts[name], faults)] as const] : [],
      ),
    ),
  };
  if (Object.keys(account).length === 0) return { wanted, faults };
  const read = findFaults(FileAccount, account);
  faults.push(...read.faults.map((fault) => ({ ...fault, path: ["account"] })));
  return { wanted: { ...wanted, account: read.body }, faults };
}

function readItems(
  collection: keyof typeof collections,
  given: unknown,
  faults: FileFault[],
): ReadonlyMap<string, Body> {
  if (isSingle(collection)) {
    const read = findVendorFaults(collection, given);
    faults.push(...read.faults.map((fault) => ({ ...fault, path: [collection] })));
    return new Map([[collection, read.body]]);
  }
  if (!isObject(given)) {
    const what = "must map names to settings (`{}` for none)";
    faults.push({ path: [collection], at: [], what });
    return new Map();
  }
  return new Map(
    Object.entries(given).map(([name, value]) => {
      const path = [collection, name];
      const pattern = collection === "templates" ? settingNameOf("template") : SETTING_NAME;
      if (!pattern.test(name)) {
        faults.push({ path, at: [], what: `is no usable name: it must match ${pattern.source}` });
      }
      const read = findVendorFaults(collection, value);
      faults.push(...read.faults.map((fault) => ({ ...fault, path })));
      return [name, read.body];
    }),
  );
}

function toFault(all: readonly FileFault[], find: (path: Path) => Position, name: string): Fault {
  const told = all
    .map(({ path, at, what }) => {
      const whole = [...path, ...at];
      return { ...find(whole), what: `${whole.join(".") || "the file"} ${what}.` };
    })
    .toSorted((a, b) => a.line - b.line || a.col - b.col)
    .map(({ line, col, what }) => `${name}:${line}:${col}: ${what}`);
  const more =
    told.length > FAULT_COUNT_MAX ? [`... and ${told.length - FAULT_COUNT_MAX} more.`] : [];
  return usageFault([...told.slice(0, FAULT_COUNT_MAX), ...more].join("\n"));
}

/** Where the deepest part of the path stands that the file has. */
function where(path: Path, document: Document, lines: LineCounter): Position {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => nameOf(key) === part) : undefined;
    const element = isSeq(node) && typeof part === "number" ? node.items[part] : undefined;
    const found: unknown = pair?.key ?? element;
    offset = (isNode(found) ? found.range?.[0] : undefined) ?? offset;
    node = pair ? pair.value : element;
  }
  return lines.linePos(offset);
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}
