// The infrastructure of a run of tests: one for all, or more beside it where every end-to-end test runs.
// Those run the whole product on topics of fixed names, so three of them at a time need three brokers.
import {
  startTemporaryInfrastructure,
  type TemporaryOptions,
} from "#deploy/infrastructure/temporary-infrastructure.ts";

type Env = Readonly<Record<string, string>>;

/** End-to-end files wait more than they work: two at a time leave half of two cores idle. */
const PLACE_COUNT = 3;

export type TestPlaces = AsyncDisposable & {
  /** Where everything is, for vitest; `END_TO_END_PLACES` has the like for each end-to-end worker. */
  env: Env;
};

/** `chosen` are vitest's arguments. Rejects with nothing left running. */
export async function startTestPlaces(
  chosen: readonly string[],
  options: TemporaryOptions,
): Promise<TestPlaces> {
  await using stack = new AsyncDisposableStack();
  const first = stack.use(await startTemporaryInfrastructure(options));
  const isOurs = Object.values(options.config.urls).every((url) => url === "");
  const isWhole = chosen.length === 0 || chosen.includes("test/e2e");
  const places = [first];
  // What is in a registry belongs to no broker, and it takes longer to start than both others.
  const urls = { ...options.config.urls, registry: first.schemaRegistryUrl };
  const beside = { ...options, config: { ...options.config, urls } };
  // One after the other: their folders are named by the instant.
  while (isOurs && isWhole && places.length < PLACE_COUNT) {
    places.push(stack.use(await startTemporaryInfrastructure(beside)));
  }
  const owned = stack.move();
  return {
    env: { ...first.env, END_TO_END_PLACES: JSON.stringify(places.map(({ env }) => env)) },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
