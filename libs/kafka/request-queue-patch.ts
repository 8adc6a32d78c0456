// kafkajs 2.2.4 arms a 1 ms timer without end on every connection, because it takes "never
// throttled" (-1) for an instant in the past: 0.6 s of CPU in 10 s for an idle client on three
// brokers, and a TimeoutNegativeWarning on Node 24 (kafkajs issue 1751). This replaces the one
// method at fault; the version is checked, so that an upgrade makes someone look here.
import { createRequire } from "node:module";

const PATCHED_VERSION = "2.2.4";
/** How soon a request that waits for a free slot is looked at again, ms. */
const PENDING_CHECK_MS = 10;

type RequestQueue = {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** Repairs kafkajs in this process. Throws if another version is installed. */
export function patchRequestQueue(): void {
  const require = createRequire(import.meta.url);
  const { version }: { version: string } = require("kafkajs/package.json");
  if (version !== PATCHED_VERSION) {
    throw new Error(`The request queue patch is for kafkajs ${PATCHED_VERSION}, not ${version}.`);
  }
  const queue: { prototype: RequestQueue } = require("kafkajs/src/network/requestQueue");
  queue.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId) return;
  let waitMs = this.throttledUntil - Date.now();
  if (waitMs <= 0) {
    if (this.pending.length === 0) return;
    waitMs = PENDING_CHECK_MS;
  }
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
}
