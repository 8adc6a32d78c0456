// A steady load of messages on every path, from a customer over HTTP and from a sender on Kafka.
import { setTimeout as sleep } from "node:timers/promises";
import type { StepInit } from "#libs/contracts/generated/types.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import type { Places } from "#test/support/places.ts";
import { connectUpstream } from "#test/support/upstream.ts";

/** The steady load: so many over HTTP and so many over Kafka, then a pause. */
const STEADY_COUNT = 5;
const STEADY_INTERVAL_MS = 250;
/** Of those over HTTP one starts later, and one is cancelled while its first step waits. */
const SCHEDULED_AT = 1;
const CANCELLED_AT = 3;
const SCHEDULED_MS = 1_500;

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
  const customer = nativeCustomer(places.apiUrl);
  const cancels: Promise<void>[] = [];
  let sentCount = 0;

  async function sendToKafka(count: number): Promise<void> {
    const requests = Array.from({ length: count }, () => {
      return { to: recipient(sentCount++), steps, ...(callbackUrl && { callbackUrl }) };
    });
    // While brokers die a send may fail: what it appended is not accepted, but judged like all the rest.
    accepted.push(...(await upstream.send(...requests).catch(() => [])));
  }

  /** Resolves with those that are to be cancelled. */
  async function sendOverHttp(count: number): Promise<string[]> {
    const calls = Array.from({ length: count }, (_, index) => {
      const at = index === SCHEDULED_AT ? new Date(Date.now() + SCHEDULED_MS) : undefined;
      return post(customer, recipient(sentCount++), at);
    });
    const ids = await Promise.all(calls);
    accepted.push(...ids.flat());
    return ids[CANCELLED_AT] ?? [];
  }

  async function sendSteadily(): Promise<void> {
    while (!stopping.signal.aborted) {
      const sent = [sendOverHttp(STEADY_COUNT), sendToKafka(STEADY_COUNT)] as const;
      const [cancelling] = await Promise.all(sent);
      await sleep(STEADY_INTERVAL_MS);
      for (const id of cancelling) cancels.push(cancel(customer, id));
    }
  }

  const sending = sendSteadily();
  return {
    burst: sendToKafka,
    async stop() {
      stopping.abort();
      await sending;
      await Promise.all(cancels);
      await upstream[Symbol.asyncDispose]();
      return accepted;
    },
  };
}

type Customer = ReturnType<typeof nativeCustomer>;

/** Whether or not it is taken: of a cancel whose answer was lost nobody knows. */
async function cancel(customer: Customer, messageId: string): Promise<void> {
  await customer(`/messages/${messageId}/cancel`, {}).catch(() => undefined);
}

/** Its id, if it was accepted. */
async function post(customer: Customer, to: string, scheduledAt?: Date): Promise<string[]> {
  const content = { text: "Your code is 4711." };
  const message = { recipient: { msisdn: to }, content, steps, scheduledAt };
  try {
    const { status, body } = await customer("/messages", message);
    return status === 202 && body.messageId !== undefined ? [body.messageId] : [];
  } catch {
    return [];
  }
}

/** Every combination of three digits, over and over. */
function recipient(number: number): string {
  return `+6599990${String((number * 37) % 1_000).padStart(3, "0")}`;
}
