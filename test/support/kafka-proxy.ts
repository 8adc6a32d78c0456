// A misbehaving proxy in front of a Kafka broker. Brokers tell clients where to connect, so the
// proxy puts its own port into those replies: all traffic stays on it.
import { int32, text } from "#test/support/kafka-bytes.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";

/** Starts a proxy for the one broker at `address`, for example `127.0.0.1:9092`; `alter` changes its replies. */
export function startKafkaProxy(
  address: string,
  alter: (chunk: Buffer) => Buffer = (chunk) => chunk,
): Promise<TcpProxy> {
  const port = Number(address.split(":")[1]);
  return startTcpProxy(port, (chunk, proxyPort) =>
    replaceAddress(alter(chunk), address, proxyPort),
  );
}

/** What a broker at `address` says, with another port in the places where it says its own. */
export function replaceAddress(chunk: Buffer, address: string, port: number): Buffer {
  const [host = "", ownPort = ""] = address.split(":");
  return ADVERTISED.reduce(
    (replaced, write) => replaceAll(replaced, write(host, Number(ownPort)), write(host, port)),
    chunk,
  );
}

/** A broker's address as the protocol writes it: the length of the host, the host, the port. */
const ADVERTISED = [
  (host: string, port: number) => Buffer.concat([text(host), int32(port)]),
  // The compact form, which the newer versions of a request have.
  (host: string, port: number) =>
    Buffer.concat([Buffer.from([host.length + 1]), Buffer.from(host), int32(port)]),
];

function replaceAll(chunk: Buffer, from: Buffer, to: Buffer): Buffer {
  const replaced = Buffer.from(chunk);
  for (let at = chunk.indexOf(from); at !== -1; at = chunk.indexOf(from, at + 1)) {
    to.copy(replaced, at);
  }
  return replaced;
}
