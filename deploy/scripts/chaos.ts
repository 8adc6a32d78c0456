// `npm run test:chaos [-- --rounds N --seed N --only WORDS]`: the chaos tier at length.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";

const TEST_SCRIPT = join(import.meta.dirname, "test.ts");

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: process.env["CHAOS_ROUNDS"] ?? "1" },
    seed: { type: "string", default: String(Math.trunc(Math.random() * 2 ** 31)) },
    only: { type: "string", default: "" },
  },
});
console.log(`Seed ${values.seed}, ${values.rounds} rounds of each strike`);
const child = spawn(process.execPath, [TEST_SCRIPT, "test/chaos"], {
  stdio: "inherit",
  env: {
    ...process.env,
    CHAOS_SEED: values.seed,
    CHAOS_ROUNDS: values.rounds,
    CHAOS_ONLY: values.only,
  },
});
const [code]: (number | null)[] = await once(child, "exit");
process.exitCode = code ?? 1;
