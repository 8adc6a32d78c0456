// `npm run test:fuzz [-- --inputs N --seed N --only TARGET --from N]`: the fuzz tier at
// length, after the properties with values of the same seed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";

const TEST_SCRIPT = join(import.meta.dirname, "test.ts");
/** For each topic and each route. */
const INPUT_COUNT = "100000";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: INPUT_COUNT },
    seed: { type: "string", default: String(Math.trunc(Math.random() * 2 ** 31)) },
    only: { type: "string", default: "" },
    from: { type: "string", default: "0" },
  },
});
console.log(`Seed ${values.seed}, ${values.inputs} inputs for each topic and route`);
const tiers = values.only === "" ? ["test/property", "test/fuzz"] : ["test/fuzz"];
const child = spawn(process.execPath, [TEST_SCRIPT, ...tiers], {
  stdio: "inherit",
  env: {
    ...process.env,
    FUZZ_SEED: values.seed,
    FUZZ_INPUTS: values.inputs,
    FUZZ_ONLY: values.only,
    FUZZ_FROM: values.from,
  },
});
const [code]: (number | null)[] = await once(child, "exit");
process.exitCode = code ?? 1;
