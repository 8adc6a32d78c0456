import { defineConfig } from "vitest/config";
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";

// Tiers run one after the other: side by side on two cores chaos, fuzz and integration gained a minute, and
// their limits were met by each other's load. End-to-end and fuzz files run the whole product on topics of
// fixed names, so no two of them run at the same time on one broker. End-to-end comes before integration,
// whose tests leave requests and unreadable records on those topics: the product would set them aside, and
// be unready for a minute. Orders begin with 1: Vitest runs a tier of one worker and order 0 last.
const fixedSeed = "test/support/property-seed.ts";
const alone = { maxWorkers: 1, fileParallelism: false };
// By default Vitest leaves a core to itself, and one to the tests. Most of these files take less time than
// their modules, so those are loaded once for all files of a worker.
const onBothCores = { maxWorkers: 2, isolate: false };
/** What the broker and the Redis of the simulation have to pass as the real ones do. */
const IN_MEMORY_TOO = [
  "test/property/libs/flow-store/flow-store.test.ts",
  "test/integration/libs/flow-store/flow-store.test.ts",
  "test/integration/libs/kafka/{consume,membership}.test.ts",
  "test/integration/libs/provider-ids/provider-ids.test.ts",
];
const inMemory = { maxWorkers: 2, env: { UNDER_TEST: "memory" } };
const onOwnBrokers = {
  maxWorkers: Math.max(1, endToEndPlaces().length),
  setupFiles: [fixedSeed, "test/support/end-to-end-place.ts"],
  globalSetup: ["test/support/fetch-referees.ts"],
};
// These mostly wait for brokers and leases, so two cores carry more files than two.
const together = { maxWorkers: 3 };
const onSharedBroker = { globalSetup: ["test/support/open-environment.ts"] };

export default defineConfig({
  test: {
    // A condition may take 30 s on a slow machine, several in a row take longer.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      tier("unit", { include: ["test/unit/**", "test/property/**"], order: 1, ...onBothCores }),
      tier("simulation", {
        include: ["test/simulation/**"],
        suites: IN_MEMORY_TOO,
        order: 2,
        ...inMemory,
      }),
      tier("e2e", { include: ["test/e2e/**"], order: 3, retry: 1, ...onOwnBrokers }),
      tier("integration", {
        include: ["test/integration/**"],
        order: 4,
        ...together,
        ...onSharedBroker,
      }),
      tier("chaos", { include: ["test/chaos/**"], order: 5, ...alone, ...onSharedBroker }),
      // Last, since what it leaves on the topics is poison. Short; at length with `npm run test:fuzz`.
      tier("fuzz", { include: ["test/fuzz/**"], order: 6, ...alone, ...onSharedBroker }),
    ],
  },
});

type Tier = {
  include: string[];
  /** Files of other tiers. */
  suites?: readonly string[];
  env?: Record<string, string>;
  order: number;
  /** Further tries of a test that fails; what needs one is told before the run's sum. */
  retry?: number;
  maxWorkers?: number;
  isolate?: boolean;
  fileParallelism?: boolean;
  setupFiles?: string[];
  globalSetup?: string[];
};

function tier(name: string, { include, suites = [], order, ...more }: Tier) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include.map((folder) => `${folder}/*.test.ts`), ...suites],
      sequence: { groupOrder: order },
      setupFiles: [fixedSeed],
      ...more,
    },
  };
}
