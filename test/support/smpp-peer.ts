// An SMSC on loopback that does what a test says, byte by byte if it must.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { responseTo } from "#libs/smpp/commands.ts";
import { createFramer } from "#libs/smpp/framer.ts";
import { decodePdu, emptyPdu, encodePdu, type Pdu } from "#libs/smpp/pdu.ts";
import { listeningPort } from "#test/support/redis-server.ts";

export type Said = { pdu: Pdu; socket: Socket };

export type SmppPeer = AsyncDisposable & {
  port: number;
  /** What it has heard, in order. */
  heard: Said[];
  /** Those that are open. */
  sockets: Set<Socket>;
  /** How many connections there were. */
  connectionCount: number;
  /** Says what a request is answered with; undefined leaves that to the test. */
  answer: (said: Said) => Partial<Pdu> | undefined;
};

/** Answers a submit_sm with ids `m1`, `m2`, ... and every other request with a plain yes. */
export async function startSmppPeer(tls?: TlsOptions): Promise<SmppPeer> {
  const server = tls ? createTlsServer(tls) : createServer();
  let idCount = 0;
  const peer: SmppPeer = {
    port: 0,
    heard: [],
    sockets: new Set(),
    connectionCount: 0,
    answer: ({ pdu }) =>
      pdu.command === "submit_sm" ? { texts: { message_id: `m${(idCount += 1)}` } } : {},
    async [Symbol.asyncDispose]() {
      for (const socket of peer.sockets) socket.destroy();
      server.close();
    },
  };
  server.on(tls ? "secureConnection" : "connection", serve);
  await once(server.listen(0, "127.0.0.1"), "listening");
  peer.port = listeningPort(server);
  return peer;

  function serve(socket: Socket): void {
    const framer = createFramer();
    peer.connectionCount += 1;
    peer.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => peer.sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      for (const framed of framer.push(chunk)) {
        const decoded = framed.type === "pdu" ? decodePdu(framed.bytes) : undefined;
        if (decoded?.type !== "pdu") throw new Error("The peer heard no PDU.");
        hear({ pdu: decoded.pdu, socket });
      }
    });
  }

  function hear(said: Said): void {
    peer.heard.push(said);
    if (responseTo(said.pdu.command) === undefined) return;
    const answer = peer.answer(said);
    if (answer) respond(said, answer);
  }
}

export function respond({ pdu, socket }: Said, answer: Partial<Pdu> = {}): void {
  const command = responseTo(pdu.command) ?? "generic_nack";
  say(socket, { ...emptyPdu({ command, sequence: pdu.sequence }), ...answer });
}

export function say(socket: Socket, pdu: Pdu): void {
  socket.write(encodePdu(pdu));
}

/** A receipt as most SMSCs write it. */
export function receiptPdu(sequence: number, text: string, more: Partial<Pdu> = {}): Pdu {
  return {
    ...emptyPdu({ command: "deliver_sm", sequence }),
    texts: { source_addr: "6599990000", destination_addr: "FALLTHRU" },
    numbers: { esm_class: 0x04 },
    message: Buffer.from(text),
    ...more,
  };
}
