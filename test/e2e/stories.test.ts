// Every example of the seeds over HTTP, as it stands and on each path that carriers can send it, with
// the real product: what the carriers were called for, and what analytics were told.
import { afterAll, beforeAll, expect, it } from "vitest";
import { decisions } from "#test/support/decisions.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { example, type Story, stories } from "#test/support/stories.ts";

/** 60 s become 6 s, which receipts have to come in, also on a busy machine. */
const TIME_SCALE = 0.1;
/** The longest path takes 30 s. */
const TOLD_WITHIN_MS = 90_000;

const opened = new AsyncDisposableStack();
const messageIds = new Map<Story, string>();
let product: Product;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: TIME_SCALE }));
  for (const story of stories) messageIds.set(story, await product.send(story.body));
});
afterAll(() => opened.disposeAsync());

it("sends the fallback text by SMS, from the sender that the request names", async () => {
  const messageId = await product.send(example("template-with-fallback-text", "+6599990300"));
  await product.outcomes.next(messageId);
  const [whatsapp, sms] = await product.callsOf(messageId);
  expect(whatsapp).toMatchObject({ channel: "whatsapp", sender: "FALLTHRU" });
  expect(whatsapp!.text).toContain("order_confirmation");
  expect(sms).toMatchObject({
    channel: "sms",
    sender: "YourBrand",
    text: "Hi John, your order ABC-123 has been confirmed. Thank you for shopping with us!",
  });
});

it("tells the story of 8x8's three steps with the reason of every turn", async () => {
  const messageId = await product.send(example("three-channels", "+6599990250"));
  await product.outcomes.next(messageId);
  const { outcome, attempts, story } = await product.read(messageId);
  expect(outcome).toBe("SUCCEEDED");
  expect(attempts.map(({ channel, status }) => `${channel} ${status}`)).toEqual([
    "whatsapp SENT",
    "viber UNDELIVERED",
    "sms DELIVERED",
  ]);
  expect(decisions(story)).toEqual([
    "accepted",
    "first-step",
    "wait-ended",
    "next-step",
    "failure-report",
    "next-step",
    "wanted-status-reached",
  ]);
});

it.each([
  { digits: "490", lost: "viber", about: "waits where a next step follows" },
  { digits: "339", lost: "sms", about: "repeats the call on the last step" },
])("tells openly that an answer was lost, and $about", async ({ digits, lost }) => {
  const messageId = await product.send(example("three-channels", `+6599990${digits}`));
  await product.outcomes.next(messageId);
  const { story, attempts } = await product.read(messageId);
  const noted = story.find(({ rule }) => rule === "unknown-status");
  expect(attempts[noted!.attemptIndex!]!.channel).toBe(lost);
});

it.each(stories)("$title", { timeout: 2 * TOLD_WITHIN_MS }, async (story) => {
  const messageId = messageIds.get(story)!;
  const revision = story.outcomes.length;
  await product.outcomes.next(messageId, { revision, timeoutMs: TOLD_WITHIN_MS });
  const calls = await product.callsOf(messageId);
  expect(calls.map(({ channel }) => channel)).toEqual(story.calls);
  expect(told(messageId)).toEqual(story.outcomes);
});

// Last in the file: by now every carrier has said all that it has to say.
it("adds nothing to any outcome once all is told", () => {
  const tellings = stories.map((story) => told(messageIds.get(story)!));
  expect(tellings).toEqual(stories.map(({ outcomes }) => outcomes));
});

function told(messageId: string): unknown[] {
  return product.outcomes.of(messageId).map((each) => {
    const { revision, outcome, channel, duplicate, lateSuccess } = each;
    return { revision, outcome, channel, duplicate, lateSuccess };
  });
}
