// Goal: nothing that is written to a listener stops the product, or is answered as a fault of ours.
// Method: rounds of odd requests to every route of every listener; after every round the product
// lives, and a good message falls through to its second channel. A failure names the command that
// plays it again.
import { afterAll, beforeAll, expect, it } from "vitest";
import { feedRoute } from "#test/support/fuzz/feed-route.ts";
import { oddRequests, type Route } from "#test/support/fuzz/odd-requests.ts";
import { readFuzzPlan } from "#test/support/fuzz/plan.ts";
import { fuzz } from "#test/support/fuzz/rounds.ts";
import { makeRoutes } from "#test/support/fuzz/routes.ts";
import { type Product, startProduct } from "#test/support/product.ts";

const plan = readFuzzPlan(50);
/** Five million odd requests at some hundred a second. */
const WITHIN_MS = 12 * 3_600_000;

const opened = new AsyncDisposableStack();
let product: Product;
let routes: Route[];

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.005 }));
  routes = await makeRoutes(product);
});
afterAll(() => opened.disposeAsync());

it("answers whatever is written to any route", { timeout: WITHIN_MS }, async () => {
  const chosen = routes.filter(({ name }) => name.includes(plan.only));
  const silent: string[] = [];
  for (const route of chosen) {
    let answeredCount = 0;
    const feed = async (requests: readonly Buffer[]) => {
      const counts = await feedRoute(route.origin, requests);
      for (const [status, count] of counts) answeredCount += status === 0 ? 0 : count;
    };
    await fuzz({ name: route.name, inputs: oddRequests(route), feed }, product, plan);
    if (answeredCount === 0) silent.push(route.name);
  }
  // A fuzzer that nobody answers would prove nothing.
  expect(silent).toEqual([]);
});
