// A steady load of messages on every path, from a customer over HTTP and from a sender on Kafka.
import { setTimeout as sleep } from "node:timers/promises";
import type { StepInit } from "#libs/contracts/generated/types.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import type { Places } from "#test/support/places.ts";
import { connectUpstream } from "#test/support/upstream.ts";

/** The steady load: so many over HTTP and so many over Kafka, then a pause. */
const STEADY_COUNT = 5;
const STEADY_INTERVAL_MS = 250;

/**
 * The last step has a closing window: a carrier that dies forgets the receipts that it owes, and where an answer is
 * lost twice over nobody knows more for three days.
 */
const steps: StepInit[] = [
  { channel: "whatsapp", waitSeconds: 60 },
  { channel: "viber", waitSeconds: 60 },
  { channel: "sms", waitSeconds: 120 },
];

export type Load = {
  /** Sends many at once on top, so that every service has batches in hand. */
  burst(count: number): Promise<void>;
  /** Ends it; resolves with the ids of all that was accepted, by an HTTP 202 or by Kafka's ack. */
  stop(): Promise<string[]>;
};

/**
 * Starts sending; a request that is not accepted, because the API or a broker is away, counts for nothing. What is sent
 * on Kafka is told to `callbackUrl`, if there is one.
 */
export async function startLoad(places: Places, callbackUrl?: string): Promise<Load> {
  const accepted: string[] = [];
  const stopping = new AbortController();
  const upstream = await connectUpstream(places);
  let sentCount = 0;

  async function sendToKafka(count: number): Promise<void> {
    const requests = Array.from({ length: count }, () => {
      return { to: recipient(sentCount++), steps, ...(callbackUrl && { callbackUrl }) };
    });
    // While brokers die a send may fail: what it appended is not accepted, but judged like all the rest.
    accepted.push(...(await upstream.send(...requests).catch(() => [])));
  }

  async function sendOverHttp(count: number): Promise<void> {
    const calls = Array.from({ length: count }, () => post(places.apiUrl, recipient(sentCount++)));
    accepted.push(...(await Promise.all(calls)).flat());
  }

  async function sendSteadily(): Promise<void> {
    while (!stopping.signal.aborted) {
      await Promise.all([sendToKafka(STEADY_COUNT), sendOverHttp(STEADY_COUNT)]);
      await sleep(STEADY_INTERVAL_MS);
    }
  }

  const sending = sendSteadily();
  return {
    burst: sendToKafka,
    async stop() {
      stopping.abort();
      await sending;
      await upstream[Symbol.asyncDispose]();
      return accepted;
    },
  };
}

/** Its id, if it was accepted. */
async function post(apiUrl: string, to: string): Promise<string[]> {
  const message = { recipient: { msisdn: to }, content: { text: "Your code is 4711." }, steps };
  try {
    const { status, body } = await nativeCustomer(apiUrl)("/messages", message);
    return status === 202 && body.messageId !== undefined ? [body.messageId] : [];
  } catch {
    return [];
  }
}

/** Every combination of three digits, over and over. */
function recipient(number: number): string {
  return `+6599990${String((number * 37) % 1_000).padStart(3, "0")}`;
}
