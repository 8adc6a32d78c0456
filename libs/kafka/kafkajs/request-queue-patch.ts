// kafkajs 2.2.4 arms a 1 ms timer without end on every connection, because it takes "never
// throttled" (-1) for an instant in the past: 0.6 s of CPU in 10 s for an idle client on three
// brokers, and a TimeoutNegativeWarning on Node 24 (kafkajs issue 1751). This replaces the one
// method at fault.
import { requireInternal } from "./kafkajs-internals.ts";

/** How soon a request that waits for a free slot is looked at again, ms. */
const PENDING_CHECK_MS = 10;

type RequestQueue = {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** Repairs kafkajs in this process. */
export function patchRequestQueue(): void {
  const { prototype }: { prototype: RequestQueue } = requireInternal("network/requestQueue");
  prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
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
