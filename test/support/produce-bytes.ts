// Sends a record batch to partition 0 of a topic as it is, byte for byte, as no client would write it.
import { once } from "node:events";
import { connect } from "node:net";
import { brokers } from "#test/support/kafka.ts";

const PRODUCE = 0;
/** The first one in which brokers take zstd. */
const VERSION = 7;

/** Resolves with Kafka's error code; 0 once the batch is appended. The topic has one broker. */
export async function produceBytes(topic: string, batch: Buffer): Promise<number> {
  const [host = "", port = ""] = brokers[0]!.split(":");
  const socket = connect(Number(port), host);
  try {
    await once(socket, "connect");
    socket.write(sized(requestOf(topic, batch)));
    const chunks: Buffer[] = [];
    for (;;) {
      const [chunk]: Buffer[] = await once(socket, "data");
      chunks.push(chunk!);
      const reply = Buffer.concat(chunks);
      // Size, correlation id, one topic with its name, one partition with its number.
      const at = 4 + 4 + 4 + 2 + topic.length + 4 + 4;
      if (reply.length >= at + 2) return reply.readInt16BE(at);
    }
  } finally {
    socket.destroy();
  }
}

function requestOf(topic: string, batch: Buffer): Buffer {
  const header = [int16(PRODUCE), int16(VERSION), int32(1), text("test")];
  const acks = [int16(-1), int16(-1), int32(10_000)];
  return Buffer.concat([
    ...header,
    ...acks,
    int32(1),
    text(topic),
    int32(1),
    int32(0),
    sized(batch),
  ]);
}

const sized = (bytes: Buffer) => Buffer.concat([int32(bytes.length), bytes]);
const text = (value: string) => Buffer.concat([int16(value.length), Buffer.from(value)]);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
