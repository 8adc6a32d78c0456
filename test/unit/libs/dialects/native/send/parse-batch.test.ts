import { assert, describe, expect, it } from "vitest";
import { messageIdsOf, newBatchId } from "#libs/dialects/batch-ids.ts";
import { refusedAs } from "#libs/dialects/native/problem.ts";
import {
  type GivenBatch,
  parseBatch,
  parseMessages,
} from "#libs/dialects/native/send/parse-batch.ts";
import { demoView } from "#test/support/demo-settings.ts";

const account = demoView().findAccount("demo");
assert(account);

const to = (msisdn: string, more: object = {}) => ({ recipient: { msisdn }, ...more });
const hello = { content: { text: "Hello" } };

function parsed(given: GivenBatch) {
  assert(account);
  const batchId = newBatchId(given.messages.length);
  return parseMessages(given, { batchId, account, now: Date.now() });
}

function problemOf(body: unknown) {
  try {
    return parseBatch(body);
  } catch (error) {
    return refusedAs(error);
  }
}

const batch = (template: unknown, ...messages: unknown[]) =>
  parsed(parseBatch({ ...(template !== undefined && { template }), messages }));

describe("a batch", () => {
  it("gives every message the id of its place, whatever becomes of the others", async () => {
    const given = [to("+6591234567", hello), to("nobody", hello), to("+6591234568", hello)];
    const { batchId, requests, answers } = await batch(undefined, ...given);
    const ids = messageIdsOf(batchId);
    expect(requests.map(({ messageId }) => messageId)).toEqual([ids?.[0], ids?.[2]]);
    expect(requests.map((request) => request.batchId)).toEqual([batchId, batchId]);
    expect(answers).toEqual([
      { messageId: ids?.[0] },
      {
        problem: {
          code: "bad-number",
          detail: expect.stringContaining("/recipient/msisdn"),
          faults: [expect.objectContaining({ code: "bad-number", path: "/recipient/msisdn" })],
        },
      },
      { messageId: ids?.[2] },
    ]);
  });

  it("lets a message's own members win over the template's, and content's each by itself", async () => {
    const template = { ...hello, purpose: "MARKETING", content: { text: "A", fallbackText: "B" } };
    const own = { purpose: "OTP", content: { text: "C" } };
    const { requests } = await batch(template, to("+6591234567"), to("+6591234568", own));
    expect(requests).toMatchObject([
      { purpose: "MARKETING", content: { text: "A", fallbackText: "B" } },
      { purpose: "OTP", content: { text: "C", fallbackText: "B" } },
    ]);
  });

  it("takes a message's own way instead of the template's", async () => {
    const flowId = "whatsapp-then-sms";
    const steps = [{ channel: "sms" }];
    const [ownSteps] = (await batch({ ...hello, flowId }, to("+6591234567", { steps }))).requests;
    expect(ownSteps).toMatchObject({ flowId: null, steps: [{ channel: "sms" }] });
    const [ownFlow] = (await batch({ ...hello, steps }, to("+6591234567", { flowId }))).requests;
    expect(ownFlow).toMatchObject({ flowId, steps: [] });
  });

  it("tells a client id that came before", async () => {
    const twin = to("+6591234567", { ...hello, clientMessageId: "c" });
    const { requests, answers } = await batch(undefined, twin, twin);
    expect(requests).toHaveLength(1);
    expect(answers[1]).toMatchObject({
      clientMessageId: "c",
      problem: { code: "duplicate-client-message-id" },
    });
  });

  it("may use a client id again that came with a faulty message", async () => {
    const faulty = { recipient: {}, ...hello, clientMessageId: "c" };
    const { requests } = await batch(undefined, faulty, { ...faulty, ...to("+6591234567") });
    expect(requests).toHaveLength(1);
  });

  it("tells messages that are no objects, or too large", async () => {
    const rich = { note: "x".repeat(300_000) };
    const large = to("+6591234567", { content: { type: "IMAGE", rich } });
    const { answers } = await batch(hello, 5, large);
    expect(answers).toMatchObject([
      { problem: { code: "invalid" } },
      { problem: { code: "invalid" } },
    ]);
  });

  it("is refused whole where its template makes it too large to hold", async () => {
    const template = { content: { type: "IMAGE", rich: { note: "x".repeat(200_000) } } };
    const messages = Array.from({ length: 400 }, () => to("+6591234567"));
    const error = await batch(template, ...messages).catch(refusedAs);
    expect(error).toMatchObject({ status: 413 });
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["no messages", {}],
    ["an empty list", { messages: [] }],
    ["10,001 messages", { messages: Array.from({ length: 10_001 }, () => to("+6591234567")) }],
    ["a faulty template", { template: { purpose: "FUN" }, messages: [to("+6591234567")] }],
    ["a recipient in the template", { template: to("+6591234567"), messages: [{}] }],
  ])("is refused whole with %s", (_, body) => {
    expect(problemOf(body)).toMatchObject({ code: "invalid" });
  });

  it("takes 10,000 messages", async () => {
    const messages = Array.from({ length: 10_000 }, (_, index) => to(`+65${90_000_000 + index}`));
    const { requests } = await batch(hello, ...messages);
    expect(new Set(requests.map(({ messageId }) => messageId)).size).toBe(10_000);
  });
});
