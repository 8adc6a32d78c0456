// A producer for a service that must answer before Kafka does: carriers get a 503 rather than no
// connection at all.
import type { Producer } from "#libs/kafka/ports.ts";

export type PatientProducer = Producer & { isConnected(): boolean };

/**
 * Connects when it is first needed, and again after that failed; whoever publishes meanwhile gets
 * the RetriableError of `connect`.
 */
export function patientProducer(connect: () => Promise<Producer>): PatientProducer {
  let connecting: Promise<Producer> | undefined;
  let connected: Producer | undefined;

  async function connectOnce(): Promise<Producer> {
    try {
      connected = await connect();
      return connected;
    } catch (error) {
      connecting = undefined;
      throw error;
    }
  }

  return {
    isConnected: () => connected !== undefined,
    async publish(records, options) {
      connecting ??= connectOnce();
      const producer = await connecting;
      await producer.publish(records, options);
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([connecting]);
      await connected?.[Symbol.asyncDispose]();
    },
  };
}
