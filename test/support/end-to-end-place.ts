// Before each end-to-end file: the worker that runs it has a broker, registry and Redis of its own, if
// several run at a time (deploy/scripts/test-places.ts).
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";

const place = endToEndPlaces()[Number(process.env["VITEST_POOL_ID"]) - 1];
Object.assign(process.env, place);
