// What a receipt says beside its status is shown, and decides nothing: however odd, it costs no receipt.
import { expect, it } from "vitest";
import { parseInfobipReceipts } from "#libs/providers/infobip/receipts.ts";
import type { ParsedReceipts } from "#libs/providers/provider.ts";
import { parseVonageReceipt } from "#libs/providers/vonage/receipts.ts";
import { parseCloudReceipts } from "#libs/providers/whatsapp-cloud/receipts.ts";

const RECEIVED_AT = Date.UTC(2026, 10, 21);
const posted = { provider: "anybody.0", receivedAt: RECEIVED_AT };
const bytes = (body: object) => Buffer.from(JSON.stringify(body));

function infobip(more: object): Promise<ParsedReceipts> {
  const status = { groupId: 3, id: 5 };
  return parseInfobipReceipts(
    bytes({ results: [{ messageId: "sms.m:0", status, ...more }] }),
    posted,
  );
}

function vonage(more: object): Promise<ParsedReceipts> {
  const said = { message_uuid: "m", status: "delivered", channel: "sms", ...more };
  return parseVonageReceipt(bytes(said), posted);
}

function cloud(more: object): Promise<ParsedReceipts> {
  const statuses = [{ id: "m", status: "delivered", ...more }];
  const changes = [{ field: "messages", value: { statuses } }];
  return parseCloudReceipts(bytes({ entry: [{ changes }] }), posted);
}

it.each<[string, () => Promise<ParsedReceipts>]>([
  ["more segments than any SMS has", () => infobip({ messageCount: 1_000_000_000 })],
  ["fewer segments than none", () => infobip({ messageCount: -1 })],
  ["999 segments", () => vonage({ sms: { count_total: "999" } })],
  [
    "a price of more than all money",
    () => infobip({ messageCount: 1e12, price: { pricePerMessage: 1_000_000, currency: "EUR" } }),
  ],
  ["a time in a year of five digits", () => cloud({ timestamp: "999999999999" })],
  ["a time in milliseconds", () => cloud({ timestamp: "1790000000000" })],
  ["a time that is a number", () => cloud({ timestamp: 1_790_000_000 })],
])("a receipt with %s is heard", async (_name, parse) => {
  const { reports, oddCount } = await parse();
  expect(oddCount).toBe(0);
  expect(reports).toMatchObject([
    { status: "DELIVERED", segmentCount: null, charge: null, occurredAt: RECEIVED_AT },
  ]);
});
