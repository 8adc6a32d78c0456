// The codecs of every record type without a registry: for what is pure but for them.
import { compileSchema } from "#libs/contracts/avro-type.ts";
import type { Read } from "#libs/contracts/codec.ts";
import type { JournalEntry, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { writerSchemas } from "#libs/contracts/writer-schemas.ts";
import { fallbackRules } from "#libs/fallback/inputs.ts";
import { recordsFor } from "#libs/message-flow/records.ts";
import { tellingOf } from "#libs/message-flow/telling.ts";
import { dueAfter, transition } from "#libs/message-flow/transition.ts";
import type { Settings } from "#libs/settings/account.ts";
import { decodeOwn } from "#test/support/decode-own.ts";

const contracts = {
  sendRequest: codecOf("send-request"),
  dispatchCommand: codecOf("dispatch-command"),
  messageOutcome: codecOf("message-outcome"),
  journalEntry: codecOf("journal-entry"),
} as unknown as Contracts;

/** What a consumer makes of a request at `now`: all that it would store and publish is encoded. */
export function consumed(given: SendRequestInit, settings: Settings, now: number) {
  const bytes = contracts.sendRequest.encode(given);
  const request = decodeOwn("send-request", bytes);
  const { messageId, accountId } = request;
  const input = {
    type: "SendRequest",
    messageId,
    accountId,
    request,
    faults: [],
    bytes,
    traceparent: "",
  } as const;
  const context = { now, apartMs: 0, settings, timeScale: 1, rules: fallbackRules };
  const moved = transition(messageId, null, [input], context);
  if (!moved) throw new Error("The request decided nothing.");
  const entry: JournalEntry = decodeOwn(
    "journal-entry",
    contracts.journalEntry.encode(moved.entry),
  );
  const telling = tellingOf(moved, request, settings);
  const records = telling ? recordsFor(moved, telling, { contracts, epoch: "" }) : [];
  return { entry, records, dueAt: dueAfter(moved.entry) };
}

/** A codec of one type. */
export function codecOf(name: SchemaName) {
  const type = compileSchema(readSchema(name));
  const writers = writerSchemas(async () => undefined);
  return recordCodec({ subject: name, type, schemaId: 1, writers, admit: asItIs });
}

/** Bounds are not what is looked at. */
function asItIs<T>(value: T): Read<T> {
  return { value, faults: [] };
}
