// kafkajs 2.2.4 takes a broker for connected once its socket is, also where it has never said what it speaks. One that takes
// connections and answers nothing, such as one that is stopped, is not asked again: whatever it is sent ends with an error that
// has no name of Kafka's. A consumer ends for good by it, and records were dead letters, as if they could never be sent.
// This takes such a broker for one that cannot be reached, and goes on to the next one.
import { requireInternal } from "./kafkajs-internals.ts";

type Broker = {
  brokerAddress: string;
  connect: (this: Broker) => Promise<void>;
  disconnect(): Promise<void>;
};

/** Repairs kafkajs in this process. */
export function patchConnect(): void {
  const { prototype }: { prototype: Broker } = requireInternal("broker/index");
  const { connect } = prototype;
  prototype.connect = async function connectWhole() {
    try {
      await connect.call(this);
    } catch (error) {
      if (!isSilence(error)) throw error;
      await this.disconnect();
      throw notReached(error, this.brokerAddress);
    }
  };
}

function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.name === "KafkaJSRequestTimeoutError";
}

/** It waited for as long as a request may: whoever connects hears of it now, and its cause says that it may pass. */
function notReached(cause: Error, broker: string): Error {
  const { KafkaJSConnectionError } = requireInternal("errors");
  const error = new KafkaJSConnectionError("Connection timeout", { broker });
  return Object.assign(error, { retriable: false, cause });
}
