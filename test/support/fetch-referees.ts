// Before the first tier of a whole run: what others wrote and tests need is fetched while tests run that do
// not need it. Whoever needs it waits for it, and says what is missing.
import { endToEndPlaces } from "#test/support/end-to-end-places.ts";
import { fetchJsmpp } from "#test/support/jsmpp-jars.ts";
import { installPrism } from "#test/support/prism.ts";
import { pythonSdks, pythonSmsc } from "#test/support/python-sdk.ts";

export default function setup(): (() => Promise<unknown>) | undefined {
  const isWhole = endToEndPlaces().length > 1;
  if (!isWhole) return undefined;
  const fetched = Promise.allSettled([fetchJsmpp(), installPrism(), pythonSdks(), pythonSmsc()]);
  return () => fetched;
}
