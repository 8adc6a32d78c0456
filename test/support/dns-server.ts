// A name server on loopback: it answers for the names that it is given, and is silent about others.
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";

type Names = Readonly<Record<string, readonly string[]>>;

const HEADER_BYTES = 12;
const TYPE_A = 1;

export type DnsServer = AsyncDisposable & { address: string };

/** Starts it; `names` has the IPv4 addresses of each name. It has no IPv6 addresses. */
export async function startDnsServer(names: Names): Promise<DnsServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => answer(query, from));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };

  function answer(query: Buffer, { port, address }: RemoteInfo): void {
    const { name, type, question } = parseQuery(query);
    const addresses = names[name];
    if (!addresses) return;
    const records = type === TYPE_A ? addresses.map(record) : [];
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, question, ...records]), port, address);
  }
}

function parseQuery(query: Buffer) {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let size = query[at]!; size > 0; size = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + size));
    at += 1 + size;
  }
  const end = at + 5;
  const name = labels.join(".").toLowerCase();
  return { name, type: query.readUInt16BE(at + 1), question: query.subarray(HEADER_BYTES, end) };
}

/** Its name is the one of the question; it may be kept for no time. */
function record(address: string): Buffer {
  const fixed = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4]);
  return Buffer.concat([fixed, Buffer.from(address.split(".").map(Number))]);
}
