// One of the processes that play a run: plays its share, and tells `players.ts` what became of each schedule.
import { simulate } from "#test/support/simulation/simulate.ts";
import type { Share } from "./players.ts";

const { fromSeed, step, count, hasLosses }: Share = JSON.parse(process.argv[2] ?? "");
// Whoever asked is gone.
process.on("disconnect", () => process.exit());
for (let index = 0; index < count; index++) {
  process.send?.(await simulate(fromSeed + index * step, { hasLosses }));
}
process.disconnect();
