import { relative } from "node:path";
import { Type } from "typebox";
import { Parse } from "typebox/value";

export type TestSum = {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and then passed, each with why it failed. Those are counted as passed. */
  secondTries: string[];
};

const Report = Type.Object({
  numPassedTests: Type.Number(),
  numFailedTests: Type.Number(),
  numPendingTests: Type.Number(),
  numTodoTests: Type.Number(),
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      assertionResults: Type.Array(
        Type.Object({
          status: Type.String(),
          fullName: Type.String(),
          failureMessages: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
});

/** The sum of vitest's JSON report. A file that could not be loaded counts as one failed test. */
export function parseTestReport(json: string): TestSum {
  const report = Parse(Report, JSON.parse(json));
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    secondTries: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
        .map(({ fullName, failureMessages: [why = ""] }) => {
          return `${relative(process.cwd(), name)}: ${fullName} (${why.split("\n", 1)[0]})`;
        }),
    ),
  };
}

/** What several runs come to together. */
export function addSums(sums: readonly TestSum[]): TestSum {
  const total = (count: (sum: TestSum) => number) =>
    sums.reduce((before, sum) => before + count(sum), 0);
  return {
    passed: total(({ passed }) => passed),
    failed: total(({ failed }) => failed),
    skipped: total(({ skipped }) => skipped),
    secondTries: sums.flatMap(({ secondTries }) => secondTries),
  };
}
