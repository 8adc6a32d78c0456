import { relative } from "node:path";
import { Type } from "typebox";
import { Parse } from "typebox/value";

export type TestSum = {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and then passed, each with why it failed. Those are counted as passed. */
  secondTries: string[];
  /** What failed, each with the beginning of why: enough to begin with where only the end of the output was kept. */
  failures: string[];
};

/** Lines of a failure that are told again at the end: an auditor's list of breaches, or an error and where it came from. */
const TOLD_LINES = 25;

const Report = Type.Object({
  numPassedTests: Type.Number(),
  numFailedTests: Type.Number(),
  numPendingTests: Type.Number(),
  numTodoTests: Type.Number(),
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      message: Type.Optional(Type.String()),
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
        .map((test) => `${tell(name, test.fullName)} (${beginning(test.failureMessages, 1)})`),
    ),
    failures: [
      ...report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === "failed")
          .map(({ fullName, failureMessages }) => {
            return `${tell(name, fullName)}\n${beginning(failureMessages, TOLD_LINES)}`;
          }),
      ),
      ...broken.map(({ name, message = "" }) => {
        return `${tell(name, "did not load")}\n${beginning([message], TOLD_LINES)}`;
      }),
    ],
  };
}

function tell(file: string, test: string): string {
  return `${relative(process.cwd(), file)}: ${test}`;
}

function beginning([why = ""]: readonly string[], lines: number): string {
  return why.split("\n", lines).join("\n");
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
    failures: sums.flatMap(({ failures }) => failures),
  };
}
