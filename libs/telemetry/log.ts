// Structured logs on standard output. Numbers of people never appear whole: they are masked by
// field name, and `maskNumber` is there for sentences.
import { type DestinationStream, type Logger, pino } from "pino";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";
import { printableLines } from "#libs/printable.ts";

export type Log = Logger;

const NUMBER_FIELDS = ["msisdn", "recipient", "to"];

/**
 * A JSON log of one service at `LOG_LEVEL`. Fields that hold a phone number are masked. Lines say what they say in
 * characters that a terminal only shows: pino leaves those from U+007F on as they are, and some of them are commands.
 */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const redact = {
    paths: NUMBER_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: (value: unknown) => (typeof value === "string" ? maskNumber(value) : value),
  };
  const timestamp = pino.stdTimeFunctions.isoTime;
  const hooks = { streamWrite: printableLines };
  const options = { base: { service }, level, redact, timestamp, hooks };
  return destination ? pino(options, destination) : pino(options);
}
