// The table of what the vendors' documents say and which test shows it, and what is missing in it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env["SEED_DOCUMENTS"] ?? "../shared/seeds";
const TABLE = "test/e2e/seeds.md";

export type SeedRow = {
  /** The document's name, without its ending. */
  document: string;
  /** As the document has it, or the example that a row names by its file. */
  sentence: string;
  /** `file > test`; none where it states nothing of the product. */
  tests: readonly string[];
  /** The beginnings of paragraphs in DECISIONS that say why something else is done. */
  decisions: readonly string[];
  /** Whether it stands among what states nothing of the product, and the reason is given. */
  isExcused: boolean;
};

/** A test as vitest lists it without running it: in its name stands `%s` for what `each` puts there. */
export type ListedTest = { file: string; name: string };

/** Every row of the table. */
export function readSeedTable(markdown = readFileSync(TABLE, "utf8")): SeedRow[] {
  let document = "";
  let isExcusing = false;
  return markdown.split("\n").flatMap((line) => {
    const [, marks, title] = /^(##+) (.*)$/.exec(line) ?? [];
    if (marks === "##") document = title!;
    if (marks !== undefined) isExcusing = marks === "###";
    const [, sentence, why] = /^\| (.*?) +\| (.*?) +\|$/.exec(line) ?? [];
    if (document === "" || sentence === undefined || /^(-+|sentence)$/.test(sentence)) return [];
    return [rowOf({ document, sentence, why: why!, isExcusing })];
  });
}

type Line = { document: string; sentence: string; why: string; isExcusing: boolean };

function rowOf({ document, sentence, why, isExcusing }: Line): SeedRow {
  const [, example] = /^\[.*\]\((.*)\)$/.exec(sentence) ?? [];
  const found = (pattern: RegExp) => Array.from(why.matchAll(pattern), ([, text]) => text!);
  return {
    document,
    sentence: example ? readFileSync(join(TABLE, "..", example), "utf8") : sentence,
    tests: found(/`([^`]+ > [^`]+)`/g),
    decisions: found(/DECISIONS: "([^"]+)"/g),
    isExcused: isExcusing && why !== "",
  };
}

/** The files that the table names. */
export function filesOf(rows: readonly SeedRow[]): string[] {
  return [...new Set(rows.flatMap(({ tests }) => tests.map((test) => test.split(" > ")[0]!)))];
}

/** What the table says that is not so: rows without a test, and tests that are not there. */
export function faultsOf(rows: readonly SeedRow[], listed: readonly ListedTest[]): string[] {
  const decisions = readFileSync("DECISIONS.md", "utf8");
  return rows.flatMap(({ sentence, tests, decisions: reasons, isExcused }) => [
    ...(tests.length === 0 && !isExcused ? [`no test: ${sentence}`] : []),
    ...tests.filter((test) => !isThere(test, listed)).map((test) => `not there: ${test}`),
    ...reasons
      .filter((reason) => !decisions.includes(`**${reason}`))
      .map((each) => `not decided: ${each}`),
  ]);
}

function isThere(test: string, listed: readonly ListedTest[]): boolean {
  const [file, ...names] = test.split(" > ");
  return listed
    .filter((each) => each.file === file)
    .some(({ name }) => {
      const put = patternOf(name).exec(names.join(" > "))?.slice(1);
      return put?.every((each) => sourcesOf(file!).includes(each));
    });
}

/** `each` names its tests by placeholders: what a row has there is to stand in the sources. */
function patternOf(name: string): RegExp {
  const parts = name.split(/%[sdij]|\$\w+|\$\{\w+\}/);
  return new RegExp(`^${parts.map(escaped).join("(.+)")}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A test's file and whatever lies in `test/support`, with numbers as they are told. */
function sourcesOf(file: string): string {
  const support = readdirSync("test/support", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const all = [file, ...support].map((path) => readFileSync(path, "utf8")).join("\n");
  return all.replaceAll(/(?<=\d)_(?=\d)/g, "");
}

/** The document; undefined, and a loud word, where it is not there. */
export function readSeedDocument(document: string): string | undefined {
  const path = join(FOLDER, `${document}.txt`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${path} is not there; SEED_DOCUMENTS names the folder that has it.`);
    return undefined;
  }
}

/** What of a document is in no row, and rows that are not in it. White space does not count. */
export function missingOf(text: string, rows: readonly SeedRow[]): string[] {
  const whole = bare(text);
  const sentences = rows.map(({ sentence }) => bare(sentence));
  // The longest first: a short one may stand within it.
  const longestFirst = sentences.toSorted((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, each) => left.replaceAll(each, "\n"), whole);
  return [
    ...rest.split("\n").flatMap((part) => (/[a-z]/i.test(part) ? [`in no row: ${part}`] : [])),
    ...sentences.flatMap((each) => (whole.includes(each) ? [] : [`not in the document: ${each}`])),
  ];
}

/** Without white space, bullets, cells' borders and the ruins of other alphabets. */
function bare(text: string): string {
  return text.replaceAll(/[\s|`-]|[^\x20-\x7e]/g, "");
}
