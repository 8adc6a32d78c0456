// How the bytes between a process and its broker or its Redis fall into requests and replies, so that a
// fault can be put between two of them.
export type Splitter = (chunk: Buffer) => Buffer[];

/** What a protocol's requests and replies look like, for one connection. */
export type Wire = {
  requests: Splitter;
  replies: Splitter;
  asked(request: Buffer): void;
  /** The request that a reply answers. */
  answered(reply: Buffer): Buffer;
};

const KAFKA_CORRELATION_IN_REQUEST = 8;
const KAFKA_CORRELATION_IN_REPLY = 4;
const NOTHING = Buffer.alloc(0);

/** Kafka: four bytes of length; a number in each request comes again in its reply. */
export function kafkaWire(): Wire {
  const asked = new Map<number, Buffer>();
  return {
    requests: splitter(kafkaEnd),
    replies: splitter(kafkaEnd),
    asked: (request) => void asked.set(request.readInt32BE(KAFKA_CORRELATION_IN_REQUEST), request),
    answered(reply) {
      const correlation = reply.readInt32BE(KAFKA_CORRELATION_IN_REPLY);
      const request = asked.get(correlation) ?? NOTHING;
      asked.delete(correlation);
      return request;
    },
  };
}

/** Redis (RESP2): arrays of texts; replies come in the order of the requests. */
export function redisWire(): Wire {
  const asked: Buffer[] = [];
  return {
    requests: splitter(redisEnd),
    replies: splitter(redisEnd),
    asked: (request) => void asked.push(request),
    answered: () => asked.shift() ?? NOTHING,
  };
}

/** `endOf` says where the value that begins at the first byte ends; null: not all of it is there. */
function splitter(endOf: (bytes: Buffer, at: number) => number | null): Splitter {
  let rest = NOTHING;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: Buffer[] = [];
    for (let end = endOf(rest, 0); end !== null; end = endOf(rest, 0)) {
      frames.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return frames;
  };
}

function kafkaEnd(bytes: Buffer): number | null {
  if (bytes.length < 4) return null;
  const end = 4 + bytes.readInt32BE(0);
  return bytes.length < end ? null : end;
}

function redisEnd(bytes: Buffer, at: number): number | null {
  const lineEnd = bytes.indexOf("\r\n", at);
  if (lineEnd === -1) return null;
  const type = String.fromCharCode(bytes[at]!);
  const count = Number(bytes.toString("latin1", at + 1, lineEnd));
  let end: number | null = lineEnd + 2;
  if (type === "$" && count >= 0) {
    end += count + 2;
    return bytes.length < end ? null : end;
  }
  if (type !== "*") return end;
  for (let each = 0; each < count && end !== null; each++) end = redisEnd(bytes, end);
  return end;
}
