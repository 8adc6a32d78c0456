// Ready means that a part answers as its clients need it to, never only that its port is open.
import { once } from "node:events";
import { connect } from "node:net";
import { Redis } from "ioredis";

const PROBE_LIMIT_MS = 2_000;

/** Whether the broker at `host:port` answers a metadata request and knows of a broker. */
export async function brokerAnswers(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`kafka://${address}`);
  const signal = AbortSignal.timeout(PROBE_LIMIT_MS);
  const socket = connect({ host: hostname, port: Number(port) });
  // What `once` rejects with says the same; without a listener it would end the process.
  socket.on("error", () => undefined);
  try {
    await once(socket, "connect", { signal });
    socket.write(metadataRequest());
    const [response]: Buffer[] = await once(socket, "data", { signal });
    // Behind the length, the correlation id and the throttle time: the number of brokers.
    return response !== undefined && response.length >= 16 && response.readInt32BE(12) > 0;
  } finally {
    socket.destroy();
  }
}

/** Whether the schema registry at this URL lists its subjects. */
export async function registryAnswers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_LIMIT_MS);
  const response = await fetch(`${url.replace(/\/$/, "")}/subjects`, { signal });
  await response.arrayBuffer();
  return response.ok;
}

/** Whether Redis at this URL answers PING. */
export async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PROBE_LIMIT_MS,
    commandTimeout: PROBE_LIMIT_MS,
    retryStrategy: () => null,
  });
  // What `connect` rejects with says the same; without a listener it would be printed.
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === "PONG";
  } finally {
    redis.disconnect();
  }
}

/** Metadata, version 4: header (api key 3), no topics, no creation of topics. */
function metadataRequest(): Buffer {
  const clientId = "fallthrough";
  const request = Buffer.alloc(4 + 10 + clientId.length + 5);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(3, 4);
  request.writeInt16BE(4, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientId.length, 12);
  request.write(clientId, 14);
  return request;
}
