import { expect, it } from "vitest";
import { parseTestReport } from "#deploy/scripts/test-report.ts";

const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
const failedTest = { status: "failed", assertionResults: [{ status: "failed" }] };

it("adds tests to do to the skipped ones", () => {
  const json = JSON.stringify({ ...report, testResults: [failedTest] });
  expect(parseTestReport(json)).toEqual({ passed: 3, failed: 1, skipped: 3 });
});

it("counts a file that cannot be loaded as a failed test", () => {
  const broken = { status: "failed", assertionResults: [] };
  const json = JSON.stringify({ ...report, testResults: [failedTest, broken] });
  expect(parseTestReport(json).failed).toBe(2);
});
