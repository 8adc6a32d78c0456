// The infrastructure of a run of tests: one for all, or a second one beside it where every end-to-end test
// runs. Those run the whole product on topics of fixed names, so two of them at a time need two brokers.
import {
  startTemporaryInfrastructure,
  type TemporaryOptions,
} from "#deploy/infrastructure/temporary-infrastructure.ts";

type Env = Readonly<Record<string, string>>;

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
  const start = async () => stack.use(await startTemporaryInfrastructure(options)).env;
  // One after the other: the first one downloads what both need.
  const first = await start();
  const isOurs = Object.values(options.config.urls).every((url) => url === "");
  const isWhole = chosen.length === 0 || chosen.includes("test/e2e");
  const places = isOurs && isWhole ? [first, await start()] : [first];
  const owned = stack.move();
  return {
    env: { ...first, END_TO_END_PLACES: JSON.stringify(places) },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
