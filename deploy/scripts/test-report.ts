import { Type } from "typebox";
import { Parse } from "typebox/value";

export type TestSum = { passed: number; failed: number; skipped: number };

const Report = Type.Object({
  numPassedTests: Type.Number(),
  numFailedTests: Type.Number(),
  numPendingTests: Type.Number(),
  numTodoTests: Type.Number(),
  testResults: Type.Array(
    Type.Object({
      status: Type.String(),
      assertionResults: Type.Array(Type.Object({ status: Type.String() })),
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
  };
}
