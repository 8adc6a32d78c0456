// Sends record batches to a broker as they are, byte for byte, as no client would write them.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { int16, int32, text } from "#test/support/kafka-bytes.ts";

const PRODUCE = 0;
/** The first one in which brokers take zstd. */
const VERSION = 7;

export type RawProducer = Disposable & {
  /** Resolves with Kafka's error code; 0 once the batch is appended. One call at a time. */
  send(place: { topic: string; partition: number }, batch: Buffer): Promise<number>;
};

/** Resolves when the connection stands. The broker has to lead all partitions. */
export async function connectRawProducer(broker: string): Promise<RawProducer> {
  const [host = "", port = ""] = broker.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  return {
    async send({ topic, partition }, batch) {
      socket.write(sized(requestOf(topic, partition, batch)));
      // Size, correlation id, one topic with its name, one partition with its number.
      const at = 4 + 4 + 4 + 2 + topic.length + 4 + 4;
      return (await readReply(socket)).readInt16BE(at);
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function readReply(socket: Socket): Promise<Buffer> {
  let reply = Buffer.alloc(0);
  while (reply.length < 4 || reply.length < 4 + reply.readInt32BE()) {
    await once(socket, "readable");
    const chunk: Buffer | null = socket.read();
    if (chunk === null) throw new Error("The broker closed the connection.");
    reply = Buffer.concat([reply, chunk]);
  }
  return reply;
}

function requestOf(topic: string, partition: number, batch: Buffer): Buffer {
  const header = [int16(PRODUCE), int16(VERSION), int32(1), text("test")];
  const acks = [int16(-1), int16(-1), int32(10_000)];
  const place = [int32(1), text(topic), int32(1), int32(partition)];
  return Buffer.concat([...header, ...acks, ...place, sized(batch)]);
}

const sized = (bytes: Buffer) => Buffer.concat([int32(bytes.length), bytes]);
