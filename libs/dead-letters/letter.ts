// A dead letter as its topic has it: what could not be handled, and what its headers say of that.
import { createHash } from "node:crypto";
import { deadLetterTopic, topics } from "#libs/contracts/topics.ts";
import type { Stage } from "#libs/errors.ts";
import type { ReadRecord } from "#libs/kafka/batch-records.ts";
import { headerNames, textHeaders } from "#libs/kafka/headers.ts";
import { isUnreadable } from "#libs/kafka/read-batches.ts";
import { isStage } from "./stages.ts";

/** What a list tells of a letter. */
export type LetterHead = {
  /** `<dead-letter topic>.<partition>.<offset>`. */
  id: string;
  /** The topic that it was for. */
  topic: string;
  /** In the dead-letter topic. */
  offset: number;
  /** When Kafka took it, epoch ms. */
  at: number;
  key: Buffer | null;
  /** Of its value; null: no byte was kept. */
  byteCount: number | null;
  /** Null: it does not say, as letters of before stages were told. */
  stage: Stage | null;
  reason: string;
  /** Where it lay, of what was consumed. */
  source: { partition: string; offset: string; lastOffset: string | null; group: string } | null;
  /** How often the record had been put back before it died. */
  replayCount: number;
  /** Of key and value. */
  contentHash: string;
};

export type Letter = LetterHead & {
  value: Buffer | null;
  headers: ReadRecord["headers"];
  /** What of the record could not be kept. */
  missing: string | null;
  /** Of a bug. */
  stack: string | null;
};

/** Dead-letter topics have one partition. */
const PARTITION = 0;
const ID = /^(?<topic>.+)-dlt\.0\.(?<offset>\d{1,15})$/;

/** Whose dead letters there are: every topic that somebody reads, or that we write. */
export const letterSources: readonly string[] = Object.values(topics)
  .map(({ name }) => name)
  .filter((name) => name !== topics.deadLetterMarks.name);

/** Where a letter lies; undefined for what is no id of one. */
export function placeOfLetter(id: string): { topic: string; offset: number } | undefined {
  const { topic = "", offset } = ID.exec(id)?.groups ?? {};
  return letterSources.includes(topic) ? { topic, offset: Number(offset) } : undefined;
}

/** Reads a record of the dead-letter topic of `topic`; whatever its headers say, it is a letter. */
export function toLetter(record: ReadRecord, topic: string): Letter {
  const { value, headers } = record;
  const told = textHeaders(headers);
  return {
    ...toLetterHead(record, topic),
    value,
    headers,
    missing: told[headerNames.deadMissing] ?? null,
    stack: told[headerNames.deadStack] ?? null,
  };
}

/** The same without what may be large. */
export function toLetterHead(record: ReadRecord, topic: string): LetterHead {
  const { key, value, headers } = record;
  const told = textHeaders(headers);
  const stage = told[headerNames.deadStage];
  const unread = isUnreadable(record) ? record.unreadable.reason : undefined;
  return {
    id: `${deadLetterTopic(topic)}.${PARTITION}.${record.offset}`,
    topic,
    offset: Number(record.offset),
    at: Number(record.timestamp),
    key,
    byteCount: value?.length ?? null,
    stage: isStage(stage) ? stage : null,
    reason: told[headerNames.deadReason] ?? unread ?? "It does not say why.",
    source: sourceOf(told),
    replayCount: countOf(told[headerNames.replayCount]),
    contentHash: hashOf(key, value),
  };
}

function sourceOf(told: Readonly<Record<string, string>>): LetterHead["source"] {
  const offset = told[headerNames.deadOffset];
  if (offset === undefined) return null;
  const partition = told[headerNames.deadPartition] ?? "";
  const group = told[headerNames.deadGroup] ?? "";
  return { partition, offset, group, lastOffset: told[headerNames.deadLastOffset] ?? null };
}

/** Others may have written the header. */
function countOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** 128 bits: two contents have the same only if somebody has a great deal of time. */
function hashOf(key: Buffer | null, value: Buffer | null): string {
  const hash = createHash("sha256");
  hash.update(`${key?.length ?? -1} `).update(key ?? "");
  hash.update(value ?? "");
  return hash.digest().subarray(0, 16).toString("base64url");
}
