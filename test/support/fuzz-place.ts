// Before the fuzz file: what it leaves on topics is poison, so it goes to a broker that integration does not use,
// if there is one (deploy/scripts/test-places.ts). The end-to-end files that used it are over by then.
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";

Object.assign(process.env, endToEndPlaces().at(-1));
