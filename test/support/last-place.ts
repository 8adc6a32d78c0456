// Before each file of the fuzz tier: it has the last of the end-to-end workers' infrastructures, since
// integration tests run beside it on the first one.
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";

Object.assign(process.env, endToEndPlaces().at(-1));
