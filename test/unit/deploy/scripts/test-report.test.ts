import { join } from "node:path";
import { expect, it } from "vitest";
import { addSums, parseTestReport } from "#deploy/scripts/test-report.ts";

const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
const test = (status: string, ...failureMessages: string[]) => {
  return { status, fullName: "a cancel stops it", failureMessages };
};
const file = (status: string, ...assertionResults: object[]) => {
  return { name: join(process.cwd(), "test/e2e/a.test.ts"), status, assertionResults };
};
const failedTest = file("failed", test("failed", "Error: no", "Error: no"));

it("adds tests to do to the skipped ones", () => {
  const json = JSON.stringify({ ...report, testResults: [failedTest] });
  expect(parseTestReport(json)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 3,
    secondTries: [],
    failures: ["test/e2e/a.test.ts: a cancel stops it\nError: no"],
  });
});

it("counts a file that cannot be loaded as a failed test", () => {
  const broken = { ...file("failed"), message: "Cannot find module" };
  const json = JSON.stringify({ ...report, testResults: [failedTest, broken] });
  expect(parseTestReport(json).failed).toBe(2);
  expect(parseTestReport(json).failures[1]).toBe(
    "test/e2e/a.test.ts: did not load\nCannot find module",
  );
});

it("tells the beginning of a failure, where its list of breaches stands", () => {
  const lines = Array.from({ length: 100 }, (_, line) => `line ${line}`);
  const long = file("failed", test("failed", lines.join("\n")));
  const [told = ""] = parseTestReport(JSON.stringify({ ...report, testResults: [long] })).failures;
  expect(told.split("\n")).toEqual([
    "test/e2e/a.test.ts: a cancel stops it",
    ...lines.slice(0, 25),
  ]);
});

it("names what passed at its second try, and why it had failed", () => {
  const tests = [test("passed"), test("passed", "Error: late\n    at a.test.ts:1:1")];
  const json = JSON.stringify({ ...report, testResults: [failedTest, file("passed", ...tests)] });
  expect(parseTestReport(json)).toMatchObject({
    passed: 3,
    secondTries: ["test/e2e/a.test.ts: a cancel stops it (Error: late)"],
  });
});

it("adds up what several runs come to", () => {
  const one = { passed: 3, failed: 1, skipped: 2, secondTries: ["a"], failures: ["c"] };
  const other = { passed: 10, failed: 0, skipped: 5, secondTries: ["b"], failures: [] };
  expect(addSums([one, other])).toEqual({
    passed: 13,
    failed: 1,
    skipped: 7,
    secondTries: ["a", "b"],
    failures: ["c"],
  });
});
