import { describe, expect, it } from "vitest";
import { answerOfCloud } from "#libs/providers/whatsapp-cloud/answer.ts";
import { parseCloudReceipts } from "#libs/providers/whatsapp-cloud/receipts.ts";
import { cloudError, cloudWebhook } from "#test/support/cloud-api.ts";

const refused = (code: number, status = 400) => {
  const { body } = cloudError(code, "No.");
  return answerOfCloud({ statusCode: status, body, retryAfterMs: 7_000 });
};

function parse(body: string) {
  return parseCloudReceipts(Buffer.from(body), { provider: "whatsapp-cloud.1", receivedAt: 9 });
}

describe("answers", () => {
  it("go by Meta's code, and not by the status: throttling comes with HTTP 400", () => {
    expect(refused(130429)).toEqual({
      type: "temporary",
      code: "130429",
      text: "No.",
      retryAfterMs: 7_000,
    });
    expect(refused(131026)).toMatchObject({ type: "refused", errorClass: "PERMANENT" });
    expect(refused(190, 401)).toMatchObject({ type: "refused", errorClass: "SENDER" });
    expect(refused(200)).toMatchObject({ type: "refused", errorClass: "SENDER" });
    expect(refused(999_999)).toMatchObject({ type: "refused", errorClass: "UNKNOWN" });
  });

  it("go by the code, in whatever form Meta explains it", () => {
    const error = { code: 190, message: null, error_data: '{"details":"A text."}', title: "T" };
    const answer = answerOfCloud({ statusCode: 401, body: { error }, retryAfterMs: 0 });
    expect(answer).toMatchObject({ code: "190", errorClass: "SENDER", text: "T" });
  });

  it("of a server that failed tell nothing, whatever they say", () => {
    expect(refused(131000, 500)).toMatchObject({ type: "unknown" });
  });

  it("that are none of Meta's are left to the status", () => {
    for (const body of [undefined, null, "<html>", {}, { messages: [] }, { error: "no" }]) {
      expect(answerOfCloud({ statusCode: 200, body, retryAfterMs: 0 })).toBeUndefined();
      expect(answerOfCloud({ statusCode: 502, body, retryAfterMs: 0 })).toBeUndefined();
    }
  });
});

describe("receipts", () => {
  it("become reports of the connection, with Meta's code and its class", async () => {
    const errors = [{ code: 131049, title: "T", error_data: { details: "In detail." } }];
    const { reports, oddCount } = await parse(
      cloudWebhook("wamid.1", { status: "failed", at: 5_000, errors }),
    );
    expect(oddCount).toBe(0);
    expect(reports).toMatchObject([
      {
        reportId: "whatsapp-cloud.1:wamid.1:failed",
        provider: "whatsapp-cloud.1",
        providerMessageId: "wamid.1",
        messageId: null,
        status: "FAILED",
        errorCode: "131049",
        errorClass: "CONSENT",
        errorText: "In detail.",
        occurredAt: 5_000,
      },
    ]);
  });

  it.each<[unknown, string | null]>([
    [null, null],
    ["131026", null],
    [[null, { code: "x" }], null],
    [[{ code: 131026, title: null, error_data: "A text." }], "131026"],
  ])("fail a message whatever is odd about their errors: %j", async (errors, errorCode) => {
    const body = JSON.parse(cloudWebhook("w", { status: "failed" }));
    body.entry[0].changes[0].value.statuses[0].errors = errors;
    expect(await parse(JSON.stringify(body))).toMatchObject({
      reports: [{ status: "FAILED", errorCode }],
      oddCount: 0,
    });
  });

  it.each<[unknown, object | null]>([
    [
      { billable: true, pricing_model: "PMP", type: "regular", category: "marketing" },
      { isBillable: true, category: "marketing", amountMicros: null },
    ],
    [
      { billable: false, category: "service" },
      { isBillable: false, category: "service" },
    ],
    [{ pricing_model: "CBP" }, null],
    [{ billable: "yes" }, null],
    [{ category: "x".repeat(65) }, null],
  ])("with the pricing %j have the charge %j", async (pricing, charge) => {
    const body = cloudWebhook("wamid.1", { status: "sent", pricing: Object(pricing) });
    const { reports, oddCount } = await parse(body);
    expect(oddCount).toBe(0);
    expect(reports).toMatchObject([{ status: "SENT", charge }]);
  });

  it("take a word that nobody knows as UNKNOWN", async () => {
    expect((await parse(cloudWebhook("w", { status: "warned" }))).reports[0]).toMatchObject({
      status: "UNKNOWN",
    });
  });

  it("pass over what Meta tells beside them: incoming messages, reviews of templates", async () => {
    const incoming = { field: "messages", value: { messages: [{ id: "wamid.2", type: "text" }] } };
    const review = { field: "message_template_status_update", value: { event: "APPROVED" } };
    const body = JSON.stringify({ entry: [{ changes: [incoming, review] }, null, 42] });
    expect(await parse(body)).toEqual({ reports: [], oddCount: 0, oddities: [] });
  });

  it("that are odd lose none of their neighbours", async () => {
    const good = JSON.parse(cloudWebhook("w", { status: "sent" }));
    const { statuses } = good.entry[0].changes[0].value;
    statuses.push(
      { id: "", status: "sent", timestamp: "1" },
      { status: "sent", timestamp: "1" },
      "nonsense",
    );
    const { reports, oddCount, oddities } = await parse(JSON.stringify(good));
    expect(reports).toHaveLength(1);
    expect(oddCount).toBe(3);
    expect(oddities[1]).toContain("Receipt 3 of 4");
    expect((await parse("<html>")).oddCount).toBe(1);
  });

  it("of a post of megabytes let others have their turn meanwhile", async () => {
    const statuses = Array.from({ length: 40_000 }, (_, index) => ({ id: `${index}` }));
    const change = { field: "messages", value: { statuses } };
    const body = JSON.stringify({ entry: [{ changes: [change] }] });
    let turnCount = 0;
    const turns = setInterval(() => (turnCount += 1), 1);
    const { oddCount } = await parse(body);
    clearInterval(turns);
    expect(oddCount).toBe(statuses.length);
    expect(turnCount).toBeGreaterThan(0);
  });
});
