// Goal: nothing that lies on a topic or is written to a listener stops the product, is answered as a
// fault of ours, or late. Method: rounds of odd records on all topics, then of odd
// requests to all routes; after every round the product lives, nobody is behind, and a good message
// falls through to its second channel; dead letters are shown, and an emptied Redis is restored. A failure names the command that plays it again.
// `npm test` has a short run of a fixed seed, `npm run test:fuzz` a long one of any.
import { afterAll, beforeAll, expect, it } from "vitest";
import { readFuzzPlan } from "#test/support/fuzz/plan.ts";
import { readLetters } from "#test/support/fuzz/read-letters.ts";
import { fuzz, stillServes } from "#test/support/fuzz/rounds.ts";
import { type RouteTarget, routeTargets } from "#test/support/fuzz/route-targets.ts";
import { type TopicTarget, topicTargets } from "#test/support/fuzz/topic-targets.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const topicPlan = readFuzzPlan(120);
const routePlan = readFuzzPlan(16);
/** A million odd records and six million odd requests, at some hundred a second. */
const WITHIN_MS = 24 * 3_600_000;
const RECORD_LEVELS = ["byte", "field", "schema", "key", "header", "compression"];
const REQUEST_LEVELS = "method path query header body field byte framing slow sound".split(" ");

const opened = new AsyncDisposableStack();
let redis: RedisServer;
let product: Product;
let topics: TopicTarget[];
let routes: RouteTarget[];

beforeAll(async () => {
  // Its own: it is emptied.
  redis = opened.use(await startRedisServer());
  const env = { REDIS_URL: redis.url };
  product = opened.use(await startProduct({ timeScale: 0.005, isPoisoned: true, env }));
  topics = await topicTargets(product, topicPlan.only, opened);
  routes = await routeTargets(product, routePlan.only);
});
afterAll(() => opened.disposeAsync());

it("reads past whatever lies on any topic", { timeout: WITHIN_MS }, async () => {
  await fuzz(topics, product, topicPlan);
  for (const { name, taken, refused } of topics) {
    console.log(`${name} took ${taken.shown()}; refused ${refused.shown()}`);
    // A fuzzer whose inputs never get past the broker would prove nothing.
    expect({ name, missing: taken.missing(RECORD_LEVELS) }).toEqual({ name, missing: [] });
  }
});

it("shows whatever lies among the dead letters", { timeout: WITHIN_MS }, async () => {
  const count = await readLetters(product.places.apiUrl);
  console.log(`${count} dead letters are listed`);
  expect(count).toBeGreaterThanOrEqual(topics.length === 0 ? 0 : 1);
});

it("restores Redis past whatever lies on any topic", { timeout: WITHIN_MS }, async () => {
  await redis.kill();
  await redis.start();
  await expect(stillServes(product)).resolves.toBeUndefined();
});

it("answers whatever is written to any route", { timeout: WITHIN_MS }, async () => {
  await fuzz(routes, product, routePlan);
  for (const { name, answered, statuses } of routes) {
    console.log(`${name}: ${answered.shown()}; ${statuses.shown()}`);
  }
  if (routePlan.only !== "") return;
  // A fuzzer that nobody answers would prove nothing; one route need not meet every level in a short run.
  const isUnanswered = (level: string) =>
    routes.every(({ answered }) => answered.missing([level]).length > 0);
  expect(REQUEST_LEVELS.filter(isUnanswered)).toEqual([]);
});
