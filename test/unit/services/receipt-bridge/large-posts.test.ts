// Three MB of what an account's own carrier may post. To read them takes half a second and more, and everybody's
// receipts come by the same process.
import { assert, expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";
import { GenericOptions } from "#libs/providers/generic-http/access.ts";
import { readingReceipts } from "#libs/providers/generic-http/receipts.ts";
import { parseInfobipReceipts } from "#libs/providers/infobip/receipts.ts";
import type { Receipts } from "#libs/providers/provider.ts";
import { parseVonageReceipt } from "#libs/providers/vonage/receipts.ts";
import { parseCloudReceipts } from "#libs/providers/whatsapp-cloud/receipts.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { receiptServer } from "#services/receipt-bridge/server.ts";
import { gatewayOptions } from "#test/support/gateway-options.ts";
import { longestTurnMs, TURN_MS_MAX } from "#test/support/longest-turn.ts";

const NOW = Date.UTC(2026, 10, 28);

function filled(before: string, item: string, after: string, byteCount = 2_900_000): string {
  return before + item.repeat((byteCount - before.length - after.length) / item.length) + after;
}

/** A gateway whose connection says `more` of its receipts. */
function gateway(more: object): Receipts["parse"] {
  const { receipts: usual } = gatewayOptions("https://gw.example");
  const options = gatewayOptions("https://gw.example", { receipts: { ...usual, ...more } });
  const { receipts, ...others } = parseGiven(GenericOptions, JSON.parse(JSON.stringify(options)));
  assert(receipts);
  return readingReceipts({ ...others, receipts, provider: "generic-http.0" });
}

const whole = { items: undefined, id: "", text: "", time: { jsonPointer: "", format: "iso8601" } };
const charge = { price: "", unitCount: "", currency: "/", billable: "", category: "", network: "" };
const posted = { provider: "anybody.0", receivedAt: NOW };

const meta: Receipts["parse"] = (body) => parseCloudReceipts(body, posted);
const infobip: Receipts["parse"] = (body) => parseInfobipReceipts(body, posted);
const vonage: Receipts["parse"] = (body) => parseVonageReceipt(body, posted);
const messages = `{"field":"messages","value":{"statuses":`;
const receipt = `{"id":"1","state":"DELIVRD"},`;

const posts: [string, Receipts["parse"], string][] = [
  ["a gateway's receipts", gateway({}), filled(`{"results":[`, receipt, "0]}", 700_000)],
  ["a gateway's receipt of numbers", gateway({}), filled(`{"results":[[`, "0,", "0]]}")],
  ["a gateway's long numbers", gateway({}), filled("[", "12345678901234567890,", "0]")],
  ["all of it at every place", gateway({ ...whole, charge }), filled("[", "{},", "0]")],
  ["a gateway's form", gateway({ ...whole, body: "form" }), filled("", "a&", "")],
  ["Meta's entries", meta, filled(`{"entry":[`, "{},", "0]}")],
  ["Meta's changes", meta, filled(`{"entry":[{"changes":[`, "0,", "0]}]}")],
  ["Meta's statuses", meta, filled(`{"entry":[{"changes":[${messages}[`, "0,", "0]}}]}]}")],
  ["Infobip's result", infobip, filled(`{"results":[[`, "{},", "0]]}")],
  ["Vonage's status", vonage, filled(`{"usage":[`, "{},", "0]}")],
];

function serverOf(parse: Receipts["parse"]) {
  return receiptServer({
    topic: "status-reports",
    codec: { encode: (report) => Buffer.from(JSON.stringify(report)) },
    producer: { publish: async () => undefined },
    sources: {
      simulated: () => undefined,
      connection: () => ({ provider: "any", receipts: { authenticate: () => true, parse } }),
    },
    now: () => NOW,
    log: createLog("receipt-bridge", "silent"),
  });
}

it.each(posts)("%s lets others have their turn", async (_, parse, payload) => {
  const app = serverOf(parse);
  const post = (body: string) =>
    app.inject({ method: "POST", url: "/receipts/any/1", payload: body });
  // A server that has not served yet is put together first.
  await post("");
  const longestMs = await longestTurnMs(async () => {
    expect((await post(payload)).statusCode).toBe(200);
  });
  expect(longestMs).toBeLessThan(TURN_MS_MAX);
});
