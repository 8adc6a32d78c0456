// What a rehearsal predicts is what happens: the same message is rehearsed and really sent, to numbers
// whose digits make the simulated carriers behave as the rehearsal assumes.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { behaviours } from "#libs/providers/simulated/behaviour.ts";
import { decisions } from "#test/support/decisions.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import { type Product, startProduct } from "#test/support/product.ts";

/** Carriers' receipts are 200 ms apart at least, and 400 ms behind the answer that a call lost. */
const TIME_SCALE = 0.2;
const TOLD_WITHIN_MS = 30_000;

/** Of WhatsApp, Viber and SMS: a wait has to end on the way, late receipts come 1.8 s after that. */
const WAITING = ["100", "250", "490", "600", "660", "700"];
/** No wait may end on the way, however slow the machine is. */
const MOVING = ["000", "300", "380", "553", "800", "900", "335", "336", "337", "338", "339"];
const PATHS = [
  ...WAITING.map((digits) => ({ digits, waitSeconds: 30 })),
  ...MOVING.map((digits) => ({ digits, waitSeconds: 1_200 })),
];
type Path = (typeof PATHS)[number];

/** A channel for 30 s, then SMS: the number's ending, and what its carrier does. */
const ON_ONE = [
  { channel: "rcs", digits: "2000", does: "sent", isTakenBack: true },
  { channel: "rcs", digits: "4000", does: "silent", isTakenBack: true },
  { channel: "rcs", digits: "6000", does: "late", isTakenBack: true },
  { channel: "rcs", digits: "5000", does: "undelivered", isTakenBack: false },
  // Tried no longer than the step waits.
  { channel: "viber", digits: "0060", does: "late", isTakenBack: false, ttlPolicy: "match" },
];

const Cost = Type.Object({ amount: Type.Integer(), currency: Type.String() });
const costs = { cost: Cost, extraCost: Type.Optional(Cost) };
const Costs = Type.Object(costs);
const Accepted = Type.Object({ messageId: Type.String() });
const Rehearsals = Type.Object({
  rehearsals: Type.Array(
    Type.Object({
      outcome: Type.String(),
      duplicate: Type.Boolean(),
      ...costs,
      attempts: Type.Array(
        Type.Object({
          channel: Type.String(),
          status: Type.Optional(Type.String()),
          callCount: Type.Integer(),
        }),
      ),
      story: Type.Array(Type.Object({ type: Type.String(), rule: Type.String() })),
    }),
  ),
});
type Rehearsal = Static<typeof Rehearsals>["rehearsals"][number];

const opened = new AsyncDisposableStack();
const messageIds = new Map<string, string>();
const predictions = new Map<string, Rehearsal>();
let product: Product;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: TIME_SCALE }));
  for (const path of PATHS) {
    const answer = await ask("/messages", messageOn(path));
    messageIds.set(path.digits, Value.Parse(Accepted, answer).messageId);
  }
  for (const path of ON_ONE) {
    const answer = await ask("/messages", onOne(path));
    messageIds.set(path.digits, Value.Parse(Accepted, answer).messageId);
  }
});
afterAll(() => opened.disposeAsync());

it.each(PATHS)("predicts what $digits leads to", async (path) => {
  const { digits } = path;
  const predicted = await rehearse(path);
  predictions.set(digits, predicted);
  const messageId = messageIds.get(digits)!;
  await vi.waitFor(
    async () => {
      const { outcome, story, attempts } = await product.read(messageId);
      expect(outcome).toBe(predicted.outcome);
      expect(decisions(story)).toEqual(decisions(predicted.story));
      expect(attempts.map(furthest)).toEqual(predicted.attempts.map(furthest));
      expect(product.outcomes.of(messageId).at(-1)?.duplicate).toBe(predicted.duplicate);
    },
    { timeout: TOLD_WITHIN_MS, interval: 250 },
  );
  const calls = await product.callsOf(messageId);
  const expected = predicted.attempts.flatMap(({ channel, callCount }) =>
    Array<string>(callCount).fill(channel),
  );
  expect(calls.map(({ channel }) => channel)).toEqual(expected);
  const { cost, extraCost } = Value.Parse(Costs, await ask(`/messages/${messageId}`));
  expect({ cost, extraCost }).toEqual({ cost: predicted.cost, extraCost: predicted.extraCost });
});

it("predicts what a client of 8x8 will see, by its own request", async () => {
  const body = {
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
      { channel: "SMS" },
    ],
    user: { msisdn: "+6599990200" },
    type: "text",
    content: { text: "Hello" },
  };
  const assumed = { whatsapp: "silent", sms: "delivered" };
  const asked = { dialect: "8x8", message: body, behaviours: assumed };
  const predicted = Value.Parse(Rehearsals, await ask("/rehearsals", asked)).rehearsals[0]!;
  const messageId = await product.send(body);
  await vi.waitFor(
    async () => {
      const { outcome, story } = await product.read(messageId);
      expect(outcome).toBe(predicted.outcome);
      expect(decisions(story)).toEqual(decisions(predicted.story));
    },
    { timeout: TOLD_WITHIN_MS, interval: 250 },
  );
});

it.each(ON_ONE)("predicts one copy alone where $channel is $does when it is left", async (path) => {
  const { channel, digits, does, isTakenBack } = path;
  const asked = { message: onOne(path), behaviours: { [channel]: does, sms: "read" } };
  const predicted = Value.Parse(Rehearsals, await ask("/rehearsals", asked)).rehearsals[0]!;
  const messageId = messageIds.get(digits)!;
  await vi.waitFor(
    async () => {
      const { outcome, story } = await product.read(messageId);
      expect(outcome).toBe("SUCCEEDED");
      expect(decisions(story)).toEqual(decisions(predicted.story));
    },
    { timeout: TOLD_WITHIN_MS, interval: 250 },
  );
  const rules = predicted.story.map(({ rule }) => rule);
  expect(rules.includes("revocation-told")).toBe(isTakenBack);
  expect(predicted.duplicate).toBe(false);
  predictions.set(digits, predicted);
});

it("takes back what a canceled message left with its carrier, and tells so", async () => {
  const message = {
    recipient: { msisdn: "+6599992000" },
    content: { text: "Hello" },
    steps: [{ channel: "rcs", waitSeconds: 1_200 }, { channel: "sms" }],
  };
  const { messageId } = Value.Parse(Accepted, await ask("/messages", message));
  await vi.waitFor(
    async () => expect((await product.read(messageId)).attempts[0]?.status).toBe("SENT"),
    { timeout: TOLD_WITHIN_MS, interval: 100 },
  );
  await ask(`/messages/${messageId}/cancel`, {});
  await vi.waitFor(
    async () => {
      const { outcome, story } = await product.read(messageId);
      expect(outcome).toBe("CANCELED");
      expect(story.at(-1)).toMatchObject({ rule: "revocation-told" });
    },
    { timeout: TOLD_WITHIN_MS, interval: 100 },
  );
});

// Last in the file: by now every carrier has said all that it has to say.
it("predicts everything: nothing more is decided", async () => {
  for (const [digits, predicted] of predictions) {
    const { story } = await product.read(messageIds.get(digits)!);
    expect(decisions(story)).toEqual(decisions(predicted.story));
  }
});

function furthest({ channel, status = "none" }: { channel: string; status?: string }): string {
  return `${channel} ${status}`;
}

async function rehearse(path: Path): Promise<Rehearsal> {
  const [whatsapp, viber, sms] = path.digits.split("").map((digit) => behaviours[Number(digit)]);
  const answer = await ask("/rehearsals", {
    message: messageOn(path),
    behaviours: { whatsapp, viber, sms },
  });
  return Value.Parse(Rehearsals, answer).rehearsals[0]!;
}

/** The answer to a request that must be granted. */
async function ask(path: string, body?: unknown): Promise<unknown> {
  const answer = await nativeCustomer(product.places.apiUrl)(path, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
}

function messageOn({ digits, waitSeconds }: Path): unknown {
  return {
    recipient: { msisdn: `+6599990${digits}` },
    content: { text: "Hello" },
    steps: [
      { channel: "whatsapp", waitSeconds, wanted: "READ" },
      { channel: "viber", waitSeconds, wanted: "DELIVERED" },
      { channel: "sms" },
    ],
  };
}

function onOne({ channel, digits, ttlPolicy }: (typeof ON_ONE)[number]): unknown {
  return {
    recipient: { msisdn: `+659999${digits}` },
    content: { text: "Hello" },
    steps: [{ channel, waitSeconds: 30 }, { channel: "sms" }],
    ...(ttlPolicy !== undefined && { ttlPolicy }),
  };
}
