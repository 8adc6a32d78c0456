// What a message is refused with, for the documents of whatever takes one.
import type { ProblemCode } from "../problem.ts";

export const SEND_REFUSALS = [
  "invalid",
  "no-flow",
  "unknown-flow",
  "unknown-channel",
  "unknown-sender",
  "sms-fallback-off",
  "no-recipient",
  "sms-without-text",
  "sms-too-long",
  "ttl-longer-than-wait",
] as const satisfies ProblemCode[];
