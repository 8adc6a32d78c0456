// Brings receipts to the receipt-bridge over HTTP when they are due: many in one call, one call per
// channel at a time, tried again while the bridge is away.
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import type { Channel } from "#libs/contracts/topics.ts";
import { signTimed } from "#libs/providers/authentication/hmac.ts";
import {
  type CarrierReceipt,
  receiptHeaders,
  simulatedProvider,
} from "#libs/providers/simulated/wire.ts";
import type { Log } from "#libs/telemetry/log.ts";

/** 200 receipts are some 60 KiB, far below the bridge's limit of 256 KiB. */
const BATCH_COUNT_MAX = 200;
/** Beyond this many waiting receipts of a channel, new ones are dropped, as a carrier would. */
const QUEUE_COUNT_MAX = 100_000;
const CALL_TIMEOUT_MS = 10_000;
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 2_000;
/** 10 minutes and more at the longest backoff; then the batch is given up. */
const TRY_COUNT_MAX = 300;

type DueReceipt = { receipt: CarrierReceipt; isWanted: () => boolean };

export type ReceiptSender = AsyncDisposable & {
  /** Sends a receipt once `delayMs` have passed, unless it is not wanted any more then. */
  sendAfter(delayMs: number, channel: Channel, due: DueReceipt): void;
};

type SenderOptions = {
  receiptUrl: string;
  /** What every post is signed with. */
  secret: Buffer;
  log: Log;
};

/** Receipts that are not due yet, or not taken yet, are lost when it is disposed. */
export function receiptSender({ receiptUrl, secret, log }: SenderOptions): ReceiptSender {
  const pool = new Pool(new URL(receiptUrl).origin, { headersTimeout: CALL_TIMEOUT_MS });
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const queues = new Map<Channel, CarrierReceipt[]>();
  const pumps = new Map<Channel, Promise<void>>();

  function enqueue(channel: Channel, receipt: CarrierReceipt): void {
    const queue = queues.get(channel) ?? [];
    queues.set(channel, queue);
    if (queue.length >= QUEUE_COUNT_MAX) {
      log.warn({ channel }, "too many receipts wait for the bridge: one is dropped");
      return;
    }
    queue.push(receipt);
    if (!pumps.has(channel)) pumps.set(channel, pump(channel, queue));
  }

  async function pump(channel: Channel, queue: CarrierReceipt[]): Promise<void> {
    // What becomes due in the same turn of the event loop goes in one call.
    await new Promise(setImmediate);
    while (queue.length > 0 && !stopping.signal.aborted) {
      await deliver(channel, queue.splice(0, BATCH_COUNT_MAX));
    }
    pumps.delete(channel);
  }

  async function deliver(channel: Channel, batch: CarrierReceipt[]): Promise<void> {
    for (let tryIndex = 0; tryIndex < TRY_COUNT_MAX; tryIndex++) {
      const fault = await postReceipts(signedPost(channel, batch, secret), pool);
      if (fault === undefined) return;
      if (fault === "malformed") return log.error({ channel }, "the bridge refused receipts");
      const backoffMs = Math.min(BACKOFF_MIN_MS * 2 ** tryIndex, BACKOFF_MAX_MS);
      log.warn({ channel, count: batch.length, fault, backoffMs }, "receipts wait for the bridge");
      await sleep(backoffMs, undefined, { signal: stopping.signal }).catch(ignoreAbort);
      if (stopping.signal.aborted) return;
    }
    log.error({ channel, count: batch.length }, "receipts are given up");
  }

  return {
    sendAfter(delayMs, channel, { receipt, isWanted }) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (isWanted()) enqueue(channel, receipt);
      }, delayMs);
      timers.add(timer);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(pumps.values());
      await pool.close();
    },
  };
}

/** Signed anew at every try: a signature is good for some minutes only. */
function signedPost(channel: Channel, batch: readonly CarrierReceipt[], secret: Buffer) {
  const body = Buffer.from(JSON.stringify(batch));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    "content-type": "application/json",
    [receiptHeaders.timestampHeader]: timestamp,
    [receiptHeaders.signatureHeader]: signTimed(secret, timestamp, body),
  };
  const path = `/receipts/${simulatedProvider(channel)}`;
  return { method: "POST" as const, path, headers, body };
}

/** undefined: taken; `malformed`: never will be; else the fault, which may pass. */
async function postReceipts(post: ReturnType<typeof signedPost>, pool: Pool) {
  try {
    const { statusCode, body } = await pool.request(post);
    await body.dump();
    if (statusCode < 300) return undefined;
    return statusCode >= 400 && statusCode < 500 ? "malformed" : `HTTP ${statusCode}`;
  } catch (error) {
    return String(error);
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}
