import { defineConfig } from "vitest/config";
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";
import { LongestFirst } from "#test/support/longest-first.ts";

// Groups of tiers run one after the other, but `npm test` runs unit and simulation beside all others, in the time
// that those leave (deploy/scripts/test.ts). End-to-end and fuzz files run the whole product on topics of fixed
// names, so no two of them run at the same time on one broker. Chaos files have brokers of their own, and wait as
// much as end-to-end files do: they share workers, but for one whose many processes need both cores. End-to-end comes
// before integration, whose tests leave requests and unreadable records on the topics: the product would set them
// aside, and be unready for a minute. Orders begin with 1: Vitest runs a tier of one worker and order 0 last.
const fixedSeed = "test/support/property-seed.ts";
const alone = { maxWorkers: 1, fileParallelism: false };
const onPlaces = { maxWorkers: Math.max(1, endToEndPlaces().length) };
const isRoomy = endToEndPlaces().length > 1;
// By default Vitest leaves a core to itself, and one to the tests. Most of these files take less time than
// their modules, so those are loaded once for all files of a worker.
const onBothCores = { maxWorkers: 2, isolate: false };
/** Nothing there waits for anybody, but beside others it may get little time. */
const patient = { testTimeout: 600_000, expect: { poll: { timeout: 300_000 } } };
const CROWDED = ["test/chaos/crash-windows.test.ts"];
/** What a real Redis does at its own time. */
const ON_REDIS = ["test/property/libs/{dispatch-store,flow-store}/*.test.ts"];
/** What the broker and the Redis of the simulation have to pass as the real ones do. */
const IN_MEMORY_TOO = [
  "test/property/libs/flow-store/flow-store.test.ts",
  "test/integration/libs/flow-store/{flow-store,first-due}.test.ts",
  "test/integration/libs/kafka/{consume,membership}.test.ts",
  "test/integration/libs/provider-ids/provider-ids.test.ts",
];
/** Stores that work on a Redis Cluster of three nodes as they do on one. */
const ON_CLUSTER_TOO = [
  "test/integration/libs/flow-store/{flow-store,first-due}.test.ts",
  "test/integration/libs/provider-ids/provider-ids.test.ts",
  "test/integration/libs/webhook-queue/webhook-queue.test.ts",
  "test/property/libs/dispatch-store/*.test.ts",
];
const onOwnBrokers = {
  ...onPlaces,
  setupFiles: [fixedSeed, "test/support/end-to-end-place.ts"],
  globalSetup: ["test/support/fetch-referees.ts"],
};
// These mostly wait for brokers and leases, so two cores carry more files than two.
const together = { maxWorkers: 4 };
const onSharedBroker = { globalSetup: ["test/support/open-environment.ts"] };

export default defineConfig({
  test: {
    // A condition may take 30 s on a slow machine, several in a row take longer.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      tier("unit", {
        include: ["test/unit/**", "test/property/**"],
        exclude: ON_REDIS,
        order: 1,
        ...onBothCores,
        ...patient,
      }),
      tier("simulation", { include: ["test/simulation/**"], order: 1, maxWorkers: 2, ...patient }),
      tier("e2e", { include: ["test/e2e/**"], order: 3, retry: 1, ...onOwnBrokers }),
      tier("chaos", { include: ["test/chaos/**"], exclude: CROWDED, order: 3, ...onPlaces }),
      tier("integration", {
        include: ["test/integration/**"],
        files: ON_REDIS,
        order: 4,
        ...together,
        ...onSharedBroker,
      }),
      tier("in-memory", {
        include: [],
        files: IN_MEMORY_TOO,
        order: 4,
        env: { UNDER_TEST: "memory" },
        ...together,
      }),
      tier("on-cluster", {
        include: [],
        files: ON_CLUSTER_TOO,
        order: 4,
        env: { UNDER_TEST: "cluster" },
        ...together,
      }),
      tier("crashes", { include: [], files: CROWDED, order: 5, ...alone }),
      // Short; at length with `npm run test:fuzz`.
      tier("fuzz", {
        include: ["test/fuzz/**"],
        setupFiles: [fixedSeed, "test/support/fuzz-place.ts"],
        ...(isRoomy ? { order: 4, ...together } : { order: 6, ...alone }),
        ...onSharedBroker,
      }),
    ],
  },
});

type Tier = {
  /** Folders. */
  include: readonly string[];
  /** Files of other tiers' folders. */
  files?: readonly string[];
  exclude?: readonly string[];
  env?: Record<string, string>;
  order: number;
  /** Further tries of a test that fails; what needs one is told before the run's sum. */
  retry?: number;
  maxWorkers?: number;
  isolate?: boolean;
  fileParallelism?: boolean;
  testTimeout?: number;
  expect?: { poll: { timeout: number } };
  setupFiles?: string[];
  globalSetup?: string[];
};

function tier(name: string, { include, files = [], exclude = [], order, ...more }: Tier) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include.map((folder) => `${folder}/*.test.ts`), ...files],
      exclude: [...exclude],
      sequence: { groupOrder: order },
      setupFiles: [fixedSeed],
      ...more,
    },
  };
}
