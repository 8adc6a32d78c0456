import { randomUUID } from "node:crypto";

/** The id of one request, in the form of Alibaba's. */
export function newRequestId(): string {
  return randomUUID().toUpperCase();
}
