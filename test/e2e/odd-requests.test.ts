// What strangers send to every listener of the running product: it is answered, and the product goes on.
import { afterAll, beforeAll, expect, it } from "vitest";
import { oddRequests } from "#test/support/odd-requests.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { sayRaw } from "#test/support/raw-client.ts";
import { example } from "#test/support/stories.ts";

const TOGETHER = 25;
const PATIENCE = { timeout: 180_000 };
const opened = new AsyncDisposableStack();
let product: Product;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.01 }));
});
afterAll(() => opened.disposeAsync());

it.each(["API_PORT", "RECEIPT_PORT", "SIMULATOR_PORT", "METRICS_PORT"])(
  "hundreds of odd requests to %s end nothing and are no fault of ours",
  PATIENCE,
  async (name) => {
    const { metricsPort } = product.process;
    const port = name === "METRICS_PORT" ? metricsPort : Number(product.places.env[name]);
    const odd = oddRequests();
    const faults: { request: string; status: number | undefined }[] = [];
    for (let at = 0; at < odd.length; at += TOGETHER) {
      const answers = odd.slice(at, at + TOGETHER).map(async (request) => {
        const bytes = Buffer.from(request, "latin1");
        const { status } = await sayRaw([bytes], { port, halfClose: true, silenceMs: 1_000 });
        if (status === 500) faults.push({ request: request.slice(0, 200), status });
      });
      await Promise.all(answers);
    }
    expect(faults).toEqual([]);
    expect(product.process.fault()).toBeUndefined();
    expect((await fetch(`http://127.0.0.1:${metricsPort}/healthz`)).status).toBe(200);
  },
);

it("runs without the listeners that are off", PATIENCE, async () => {
  const off = { RECEIPT_PORT: "off", SIMULATOR_PORT: "off", API_PORT: "off" };
  await using closed = await startProduct({ timeScale: 0.01, env: off });
  const { apiUrl, simulatorUrl, env } = closed.places;
  for (const url of [apiUrl, simulatorUrl, env["RECEIPT_URL"]!]) {
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  }
});

it("still brings a message to its end", PATIENCE, async () => {
  const messageId = await product.send(example("three-channels", "+6599990250"));
  await expect
    .poll(async () => (await product.read(messageId)).outcome, { timeout: 60_000 })
    .toBe("SUCCEEDED");
});
