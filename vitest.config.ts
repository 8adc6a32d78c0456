import { defineConfig } from "vitest/config";

// Tiers run one after the other, the quick ones first. End-to-end and chaos files run the whole
// product on topics of fixed names, so no two of them run at the same time.
const alone = { maxWorkers: 1, fileParallelism: false };
// Integration tests mostly wait for brokers and leases, so two cores carry more files than two.
const together = { maxWorkers: 3 };

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      tier("unit", { include: ["test/unit/**", "test/property/**"], order: 0 }),
      tier("integration", { include: ["test/integration/**"], order: 1, ...together }),
      tier("e2e", { include: ["test/e2e/**"], order: 2, ...alone }),
      tier("chaos", { include: ["test/chaos/**"], order: 3, ...alone }),
      // Hours at its full length: `npm run test:fuzz` asks for it.
      ...("FUZZ_SEED" in process.env
        ? [tier("fuzz", { include: ["test/fuzz/**"], order: 4, ...alone })]
        : []),
    ],
  },
});

type Tier = { include: string[]; order: number; maxWorkers?: number; fileParallelism?: boolean };

function tier(name: string, { include, order, ...workers }: Tier) {
  return {
    extends: true as const,
    test: {
      name,
      include: include.map((folder) => `${folder}/*.test.ts`),
      sequence: { groupOrder: order },
      ...workers,
    },
  };
}
