// A fallback that was too early: told openly, with what it cost, to analytics, in the API and to the
// operator.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Product, startProduct } from "#test/support/product.ts";
import { example } from "#test/support/stories.ts";

/** The demonstration account's prices, in 1/10,000 EUR. */
const WHATSAPP = 350;
const SMS = 450;

const opened = new AsyncDisposableStack();
let product: Product;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.02 }));
});
afterAll(() => opened.disposeAsync());

it("tells that both copies arrived, and what the second one cost", async () => {
  // WhatsApp delivers at 1.3 times its wait, when the SMS has been sent and delivered.
  const messageId = await product.send(example("two-channels", "+6599990600"));
  const first = await product.outcomes.next(messageId);
  expect(first).toMatchObject({ channel: "sms", duplicate: false, extraCost: null });
  expect(first.attempts.map(({ cost }) => cost)).toEqual([0, SMS]);
  const amended = await product.outcomes.next(messageId, { revision: 2 });
  expect(amended).toMatchObject({ duplicate: true, extraCost: SMS, currency: "EUR" });
  expect(amended.attempts.map(({ cost }) => cost)).toEqual([WHATSAPP, SMS]);
  expect(await readCosts(messageId)).toEqual({
    cost: { amount: WHATSAPP + SMS, currency: "EUR" },
    extraCost: { amount: SMS, currency: "EUR" },
  });
  const metrics = await product.process.metrics();
  expect(metrics).toMatch(
    /fallthrough_early_fallbacks_total\{channel="whatsapp",next="sms"\} [1-9]/,
  );
  expect(metrics).toMatch(/fallthrough_extra_cost_total\{currency="EUR"\} [1-9]/);
});

async function readCosts(messageId: string): Promise<unknown> {
  const url = `${product.places.apiUrl}/ft/v1/messages/${messageId}`;
  const answer = await fetch(url, { headers: { authorization: "Bearer demo-key" } });
  const { cost, extraCost } = Object(await answer.json());
  return { cost, extraCost };
}
