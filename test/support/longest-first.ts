// The order of test files within a tier. What Vitest remembers of earlier runs a clean clone does not have, and
// goes by the files' sizes instead: a short file that takes a minute then runs last, with a worker for itself.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those of more than half a minute, as measured on two cores, longest first. */
const LONGEST = [
  "test/chaos/lost-redis.test.ts",
  "test/e2e/terminal.test.ts",
  "test/e2e/redelivery.test.ts",
  "test/e2e/connected-carriers.test.ts",
  "test/e2e/kafka-only.test.ts",
  "test/e2e/timers.test.ts",
  "test/e2e/rehearsals.test.ts",
  "test/integration/services/rolling-upgrade.test.ts",
  "test/fuzz/odd-inputs.test.ts",
  "test/integration/deploy/secured-deployment.test.ts",
  "test/integration/services/channel-dispatcher/neighbours.test.ts",
  "test/integration/deploy/infrastructure/start-infrastructure.test.ts",
];

/** Vitest's own order, but the longest first. Tiers stay one after the other. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's, which has no arrays to change
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || placeOf(a) - placeOf(b));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return place === -1 ? LONGEST.length : place;
}
