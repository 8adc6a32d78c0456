import { expect, it } from "vitest";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { RecordTypes } from "#libs/contracts/generated/types.ts";
import {
  ERROR_CODE_LENGTH_MAX,
  ERROR_TEXT_LENGTH_MAX,
  INSTANT_MAX,
  REASON_LENGTH_MAX,
  REQUEST_BYTES_MAX,
} from "#libs/contracts/limits.ts";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { samples } from "#test/support/contract-samples.ts";

type Decoded<S extends SchemaName> = RecordTypes[S]["decoded"];

const names = Object.keys(samples) as SchemaName[];
const request = samples["send-request"];
const step = request.steps[0]!;
const HALF = "\ud83d";
const BEYOND_INT = 2 ** 40;
const noCharge = {
  amountMicros: null,
  currency: null,
  isBillable: null,
  category: null,
  network: null,
};
const refusal = { connection: "a", errorCode: null, errorClass: null, errorText: null };

/** A record of its own, so that nothing that is cut touches the samples. */
function read<S extends SchemaName>(schema: S, change: Partial<Decoded<S>> = {}, byteCount = 0) {
  const copy = structuredClone({ ...samples[schema], ...change });
  // Node's clone of a Buffer is none.
  if ("request" in copy && copy.request) copy.request = Buffer.from(copy.request);
  return withinBounds(schema, copy, byteCount);
}

function faultsOf(change: Partial<Decoded<"send-request">>, byteCount = 0) {
  const held = read("send-request", change, byteCount);
  if (held instanceof PoisonRecordError) throw held;
  return held.faults.map(({ code, path }) => `${code} ${path}`);
}

it.each(names)("leaves a good %s as it is", (schema) => {
  expect(read(schema)).toStrictEqual({ value: samples[schema], faults: [] });
});

it.each<[string, Partial<Decoded<"send-request">>]>([
  ["out-of-range /steps/0/ttlSeconds", { steps: [{ ...step, ttlSeconds: BEYOND_INT }] }],
  ["out-of-range /steps/0/ttlSeconds", { steps: [{ ...step, ttlSeconds: 0 }] }],
  ["out-of-range /steps/0/waitSeconds", { steps: [{ ...step, waitSeconds: -BEYOND_INT }] }],
  ["too-many /steps", { steps: Array.from({ length: 11 }, () => step) }],
  ["not-an-instant /requestedAt", { requestedAt: 8.7e15 }],
  ["not-an-instant /requestedAt", { requestedAt: -1 }],
  ["not-an-instant /expiresAt", { expiresAt: INSTANT_MAX + 1 }],
  ["not-an-instant /scheduledAt", { scheduledAt: Number.MAX_SAFE_INTEGER }],
  ["too-long /content/text", { content: { ...request.content, text: "x".repeat(35_001) } }],
  [
    "too-long /content/richJson",
    { content: { ...request.content, richJson: "é".repeat(140_000) } },
  ],
  ["not-well-formed /content/text", { content: { ...request.content, text: `Hi ${HALF}` } }],
  ["not-well-formed /clientMessageId", { clientMessageId: HALF }],
  ["too-long /clientMessageId", { clientMessageId: "x".repeat(900_000) }],
  ["too-long /callbackUrl", { callbackUrl: `https://example.com/${"x".repeat(2_048)}` }],
  ["too-long /steps/0/channel", { steps: [{ ...step, channel: "x".repeat(65) }] }],
  [
    "too-long /steps/0/recipient/msisdn",
    { steps: [{ ...step, recipient: { ...request.recipient, msisdn: "6".repeat(129) } }] },
  ],
  ["too-long /steps/0/clientMessageId", { steps: [{ ...step, clientMessageId: "x".repeat(129) }] }],
  [
    "too-long /steps/0/callbackUrl",
    { steps: [{ ...step, callbackUrl: `https://example.com/${"x".repeat(2_048)}` }] },
  ],
  ["too-long /recipient/msisdn", { recipient: { ...request.recipient, msisdn: "6".repeat(129) } }],
  [
    "too-long /recipient/channelUserIds/viber",
    { recipient: { ...request.recipient, channelUserIds: { viber: "v".repeat(129) } } },
  ],
])("answers a request that is %s", (fault, change) => {
  expect(faultsOf(change)).toEqual([fault]);
});

it("takes an empty text for none, as writers without null mean it", () => {
  const recipient = { msisdn: "", country: "", channelUserIds: { whatsapp: "US.1", sms: "" } };
  const unnamed = {
    flowId: "",
    callbackUrl: "",
    clientMessageId: "",
    batchId: "",
    clientBatchId: "",
  };
  const sms = { encoding: "AUTO", source: "" } as const;
  const content = { ...request.content, sms };
  const steps = [{ ...step, sender: "", content }];
  const held = read("send-request", { ...unnamed, recipient, steps, content });
  const nothing = { flowId: null, callbackUrl: null, clientMessageId: null };
  expect(held).toMatchObject({
    faults: [],
    value: {
      ...nothing,
      batchId: null,
      clientBatchId: null,
      recipient: { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } },
      steps: [{ sender: null, content: { sms: { source: null } } }],
    },
  });
  const command = read("dispatch-command", { recipient });
  expect(command).toMatchObject({ value: { recipient: { msisdn: null } } });
  expect(held).not.toHaveProperty("value.recipient.channelUserIds.sms");
});

it("tells every fault of a request at once, and puts something bearable in each place", () => {
  const change = { requestedAt: 9e15, clientMessageId: "x".repeat(500), steps: [] };
  const held = read("send-request", change);
  if (held instanceof PoisonRecordError) throw held;
  expect(held.faults).toHaveLength(2);
  expect(new Date(held.value.requestedAt).toISOString()).toMatch(/^9999-/);
  expect(held.value.clientMessageId).toHaveLength(128);
});

it("answers a request of more bytes than a broker takes uncompressed", () => {
  expect(faultsOf({}, REQUEST_BYTES_MAX)).toEqual([]);
  expect(faultsOf({}, REQUEST_BYTES_MAX + 1)).toEqual(["too-large "]);
});

it.each<[string, Partial<Decoded<"send-request">>]>([
  ["missing at /messageId", { messageId: "" }],
  ["too-long at /messageId", { messageId: "m".repeat(251) }],
  ["too-long at /messageId", { messageId: "é".repeat(126) }],
  ["not-well-formed at /messageId", { messageId: HALF }],
  ["malformed at /accountId", { accountId: "de/mo" }],
  ["malformed at /accountId", { accountId: "" }],
])("calls a request poison that is %s: nobody could be answered", (reason, change) => {
  expect(read("send-request", change)).toMatchObject({ reason: expect.stringContaining(reason) });
});

it.each([
  ["clientMessageId", 128],
  ["callbackUrl", 2_048],
] as const)("counts the characters of %s as the APIs do: an emoji is one", (member, most) => {
  const told = (count: number) => faultsOf({ [member]: "📦".repeat(count) });
  expect([told(most), told(most + 1)]).toEqual([[], [`too-long /${member}`]]);
});

it("takes ids of one byte and of 250", () => {
  for (const messageId of ["m", "é".repeat(125), "a:b/c {}\n\0"]) {
    expect(faultsOf({ messageId })).toEqual([]);
  }
});

it("cuts what a carrier says, and takes its report", () => {
  const held = read("status-report", {
    errorText: `${"x".repeat(ERROR_TEXT_LENGTH_MAX - 1)}📦${"y".repeat(1_200_000)}`,
    errorCode: "7".repeat(100),
    providerMessageId: "p".repeat(300),
    messageId: "",
  });
  if (held instanceof PoisonRecordError) throw held;
  expect(held.faults).toEqual([]);
  // Not half of the parcel.
  expect(held.value.errorText).toBe("x".repeat(ERROR_TEXT_LENGTH_MAX - 1));
  expect(held.value.errorCode).toHaveLength(ERROR_CODE_LENGTH_MAX);
  expect(held.value).toMatchObject({ providerMessageId: null, messageId: null });
});

it.each<[string, Partial<Decoded<"status-report">>, object]>([
  ["a count that no SMS has", { segmentCount: 256 }, { segmentCount: null }],
  ["a time past the calendar", { occurredAt: 9e15, receivedAt: 5 }, { occurredAt: 5 }],
  ["times below zero", { occurredAt: -1, receivedAt: -1 }, { occurredAt: 0, receivedAt: 0 }],
  ["a time of receipt that is none", { receivedAt: 9e15, occurredAt: 5 }, { receivedAt: 5 }],
  ["a price below nothing", { charge: { ...noCharge, amountMicros: -1 } }, { charge: null }],
  [
    "more refusals than a call can have had",
    { route: { connection: "a", refusals: Array.from({ length: 500 }, () => refusal) } },
    { route: null },
  ],
])("takes a report with %s: only its ids and its status count", (_, change, held) => {
  expect(read("status-report", change)).toMatchObject({ value: held, faults: [] });
});

it("cuts the words of a cancel, which cancels all the same", () => {
  const held = read("cancel-request", { reason: "y".repeat(700_000) });
  expect(held).toMatchObject({ value: { reason: "y".repeat(REASON_LENGTH_MAX) }, faults: [] });
});

it("leaves out an address that is too long: its beginning leads to somebody else", () => {
  const callbackUrl = `https://example.com/${"x".repeat(2_048)}`;
  expect(read("send-request", { callbackUrl })).toMatchObject({ value: { callbackUrl: null } });
});

it.each<[SchemaName, string, object]>([
  ["status-report", "out-of-range at /attemptIndex", { attemptIndex: -1 }],
  ["status-report", "missing at /reportId", { reportId: "" }],
  ["cancel-request", "not-an-instant at /requestedAt", { requestedAt: -5 }],
  ["timer-tick", "missing at /messageId", { messageId: "" }],
  ["timer-tick", "not-an-instant at /dueAt", { dueAt: 9e15 }],
  ["dispatch-command", "out-of-range at /attemptIndex", { attemptIndex: 10 }],
  ["dispatch-command", "out-of-range at /waitMs", { waitMs: 9e15 }],
  ["message-outcome", "out-of-range at /revision", { revision: BEYOND_INT }],
  ["journal-entry", "out-of-range at /version", { version: BEYOND_INT }],
  ["journal-entry", "not-an-instant at /at", { at: 9e15 }],
  ["setting", "out-of-range at /revision", { revision: -1 }],
  ["setting", "too-long at /body", { body: "x".repeat(600 * 1024) }],
])("calls a %s poison that is %s", (schema, reason, change) => {
  expect(read(schema, change)).toMatchObject({ reason: expect.stringContaining(reason) });
});

it("names ten faults of a dead letter at most", () => {
  const attempt = { ...samples["journal-entry"].state.attempts[0]!, startedAt: -1, endedAt: -1 };
  const attempts = Array.from({ length: 9 }, () => ({ ...attempt }));
  const state = { ...samples["journal-entry"].state, attempts };
  const held = read("journal-entry", { state });
  if (!(held instanceof PoisonRecordError)) throw new Error("It is within its bounds.");
  expect(held.reason.match(/not-an-instant/g)).toHaveLength(10);
});
