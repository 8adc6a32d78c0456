// W3C Trace Context (https://www.w3.org/TR/trace-context/), carried from record to record: whoever
// collects traces can follow a message through every channel without an SDK in this house.
import { randomUUID } from "node:crypto";
import type { Headers } from "./ports.ts";

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** A span of the trace named in `headers`; of a new, sampled trace where none or a broken one is. */
export function traceparentOf(headers: Readonly<Record<string, unknown>>): string {
  const given = headers["traceparent"];
  const [, traceId, flags] = (typeof given === "string" && TRACEPARENT.exec(given)) || [];
  return `00-${traceId ?? randomHex()}-${randomHex().slice(16)}-${flags ?? "01"}`;
}

/** The headers of a record that belongs to the trace named in `headers`. */
export function traceHeaders(headers: Readonly<Record<string, unknown>>): Headers {
  return { traceparent: traceparentOf(headers) };
}

/** 32 digits, never all zero. Node draws UUIDs from a pool: bytes by the call cost 4 % of a consumer. */
function randomHex(): string {
  return randomUUID().replaceAll("-", "");
}
