// Structured logs on standard output. Numbers of people never appear whole: they are masked by
// field name, and `maskNumber` is there for sentences.
import { type DestinationStream, type Logger, pino } from "pino";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";

export type Log = Logger;

const NUMBER_FIELDS = ["msisdn", "recipient", "to"];

/** A JSON log of one service at `LOG_LEVEL`. Fields that hold a phone number are masked. */
export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const redact = {
    paths: NUMBER_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: (value: unknown) => (typeof value === "string" ? maskNumber(value) : value),
  };
  const options = { base: { service }, level, redact, timestamp: pino.stdTimeFunctions.isoTime };
  return destination ? pino(options, destination) : pino(options);
}
