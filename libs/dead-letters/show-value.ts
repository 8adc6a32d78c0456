// A letter's value for a person's eyes: what helps to mend it, and nothing that a person said or is called by.
import { type Codec, readOne } from "#libs/contracts/codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError, RetriableError } from "#libs/errors.ts";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";
import type { Letter } from "./letter.ts";
import { shownMembers, wordedMembers } from "./shown-members.ts";

/** Bytes of what cannot be decoded. */
const HEX_BYTES_MAX = 512;
const ANY_NUMBER = /(?<![\w-])\+?\d{7,15}(?![\w-])/g;

export type ShownValue = { schema: SchemaName; json: unknown } | { hex: string };

/**
 * Null where no byte was kept. In hex also while the registry cannot be asked, or may yet learn of the schema: why a letter
 * died, and what to do about it, is wanted just then.
 */
export async function showValue(
  { topic, value }: Pick<Letter, "topic" | "value">,
  contracts: Contracts,
): Promise<ShownValue | null> {
  if (value === null) return null;
  const schema = Object.values(topics).find(({ name }) => name === topic)?.schema;
  if (schema === undefined) return { hex: hexOf(value) };
  try {
    return { schema, json: maskMembers(await readOne(codecsOf(contracts)[schema], value)) };
  } catch (error) {
    if (!(error instanceof PoisonRecordError || error instanceof RetriableError)) throw error;
    return { hex: hexOf(value) };
  }
}

/** Text of others with every phone number in it masked. */
export function maskNumbers(text: string): string {
  return text.replace(ANY_NUMBER, maskNumber);
}

/** A decoded record in which only members that name nobody are shown in full. */
export function maskMembers(value: unknown, member = ""): unknown {
  if (Buffer.isBuffer(value)) return `(${value.length} bytes)`;
  if (Array.isArray(value)) return value.map((each) => maskMembers(each, member));
  if (typeof value === "string") return maskText(value, member);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, each]) => [name, maskMembers(each, name)]);
  return Object.fromEntries(members);
}

function maskText(text: string, member: string): string {
  if (shownMembers.has(member)) return text;
  if (wordedMembers.has(member)) return maskNumbers(text);
  return member === "msisdn" ? maskNumber(text) : `(${text.length} characters)`;
}

/** With stars for the digits of whatever may be a phone number. */
function hexOf(bytes: Buffer): string {
  const text = bytes.subarray(0, HEX_BYTES_MAX).toString("latin1");
  const masked = text.replace(/\d{7,}/g, (digits) => "*".repeat(digits.length));
  return Buffer.from(masked, "latin1").toString("hex");
}

type Reader = Pick<Codec<unknown>, "read">;

function codecsOf(contracts: Contracts): Readonly<Record<SchemaName, Reader>> {
  return {
    "send-request": contracts.sendRequest,
    "cancel-request": contracts.cancelRequest,
    "status-report": contracts.statusReport,
    "timer-tick": contracts.timerTick,
    "dispatch-command": contracts.dispatchCommand,
    "message-outcome": contracts.messageOutcome,
    "journal-entry": contracts.journalEntry,
    setting: contracts.setting,
    "dead-letter-mark": contracts.deadLetterMark,
  };
}
