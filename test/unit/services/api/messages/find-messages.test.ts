import { expect, it } from "vitest";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import type { DialectName } from "#libs/dialects/names.ts";
import { newMessageUuid, uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { messageFinder } from "#services/api/messages/find-messages.ts";
import { isKnownAs } from "#services/api/messages/known-ids.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, sent, step } from "#test/support/journal-entry.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const account = demoView().findAccount("demo")!;
const messageId = newMessageUuid();
const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];

function kept(dialect: DialectName, request: Partial<KnownMessage["request"]> = {}): KnownMessage {
  const taken = report(0, "ACCEPTED", 100, { providerMessageId: "wamid.1" });
  const entry = entryAfter([sent(steps), taken], { messageId, accountId: "demo" });
  return { entry, request: { ...storedRequest(), messageId, dialect, ...request } };
}

/** Looks the id up where only the message is kept, under its own id. */
function lookUp(id: string, message: KnownMessage) {
  const find = messageFinder(async (ids) => (ids.includes(messageId) ? [message] : []));
  return find(id, account);
}

it.each(["vonage", "vonage-dispatch"] as const)(
  "finds a message of %s by each of its UUIDs and by its workflow's",
  async (dialect) => {
    const message = kept(dialect);
    for (const id of [messageId, uuidAt(messageId, 1), workflowIdOf(messageId)]) {
      expect(await lookUp(id, message)).toBe(message);
      expect(await lookUp(id.toUpperCase(), message)).toBe(message);
    }
  },
);

it("finds no message of another API by what only looks like a UUID of Vonage's", async () => {
  expect(await lookUp(workflowIdOf(messageId), kept("8x8"))).toBeNull();
  expect(await lookUp(messageId, kept("8x8"))).not.toBeNull();
});

it.each([
  ["its client's own", { clientMessageId: "order-1" }, "order-1"],
  ["one of its steps", { steps: [requestedStep("sms", { clientMessageId: "sms-1" })] }, "sms-1"],
  ["its batch", { batchId: "b-1" }, "b-1"],
  ["its client's batch", { clientBatchId: "bulk-1" }, "bulk-1"],
  ["its flow", { flowId: "codes" }, "codes"],
  ["its carrier", {}, "wamid.1"],
])("knows a message by the id of %s", (_, request, id) => {
  expect(isKnownAs(id, kept("infobip", request))).toBe(true);
  expect(isKnownAs(`${id}2`, kept("infobip", request))).toBe(false);
});
