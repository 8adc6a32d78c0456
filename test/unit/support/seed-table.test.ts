// The table `test/e2e/seeds.md` is whole: each sentence of the vendors' documents has a test that is
// there, or a reason why it has none.
import { execFile } from "node:child_process";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import {
  faultsOf,
  filesOf,
  type ListedTest,
  missingOf,
  readSeedDocument,
  readSeedTable,
} from "#test/support/seed-table.ts";

const VITEST = join(import.meta.dirname, "../../../node_modules/vitest/vitest.mjs");
const DOCUMENTS = [
  "8x8-messaging-apps-fallback",
  "8x8-whatsapp-sms-fallback",
  "alibaba-fallback-settings",
  "alibaba-use-sms-fallback",
  "kaleyra-configure-second-channel",
];
const rows = readSeedTable();

/** The tests of these files, as vitest finds them without running any. */
async function listTests(files: readonly string[]): Promise<ListedTest[]> {
  const list = [VITEST, "list", ...files, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, list);
  const tests: ListedTest[] = JSON.parse(stdout);
  return tests.map(({ file, name }) => ({ file: relative(process.cwd(), file), name }));
}

it("the table has the five documents", () => {
  expect([...new Set(rows.map(({ document }) => document))]).toEqual(DOCUMENTS);
});

it("every row of the table names tests that are there, and decisions that were written down", async () => {
  const tests = await listTests(filesOf(rows));
  expect(faultsOf(rows, tests)).toEqual([]);
  const others = tests.filter(({ name }) => name !== tests[0]?.name);
  expect(faultsOf([{ ...rows[0]!, tests: [] }], tests)).toHaveLength(1);
  const first = { ...rows[0]!, tests: [`${tests[0]?.file} > ${tests[0]?.name}`] };
  expect(faultsOf([first], tests)).toEqual([]);
  expect(faultsOf([first], others)).toEqual([`not there: ${first.tests[0]}`]);
});

describe.each(DOCUMENTS)("%s", (document) => {
  const own = rows.filter((row) => row.document === document);

  it("has every sentence in the table, as it stands there", ({ skip }) => {
    const text = readSeedDocument(document);
    if (text === undefined) return skip("It is not there.");
    expect(missingOf(text, own)).toEqual([]);
  });

  it("is told of a sentence that the table leaves out, and of one that it makes up", () => {
    const text = own.map(({ sentence }) => sentence).join("\n");
    const isAlone = (sentence: string) => text.split(sentence).length === 2;
    const lost = own.find(({ tests, sentence }) => tests.length > 0 && isAlone(sentence))!;
    const others = own.filter((row) => row !== lost);
    expect(missingOf(text, others).length).toBeGreaterThan(0);
    expect(missingOf(text, [...own, { ...lost, sentence: "It flies." }])).toEqual([
      "not in the document: Itflies.",
    ]);
  });
});
