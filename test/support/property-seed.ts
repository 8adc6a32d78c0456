// Before each test file: properties draw the same values in every run, so that a run is red for what was
// changed and not for what was drawn. `npm run test:fuzz` draws others, and prints their seed.
import * as fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });
