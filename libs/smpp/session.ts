// One connection to an SMSC, from the first byte to the last. Every request ends: answered, lost or
// unsent. Whatever the peer sends is answered or counted, and nothing that it sends is thrown on.
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerPeer, nackTo } from "./answer-peer.ts";
import { type CommandName, commandOf, isResponse } from "./commands.ts";
import { UNREAD_BYTES_MAX } from "./limits.ts";
import {
  type Decoded,
  emptyPdu,
  encodePdu,
  type Malformed,
  type Pdu,
  type PduContent,
} from "./pdu.ts";
import { pendingRequests, type RequestEnd } from "./pending-requests.ts";
import { readPdus } from "./read-pdus.ts";

/** What is said to an SMSC that may not answer any more. */
const GOODBYE_MS_MAX = 2_000;
/** What lost its race keeps no process alive. */
const IDLY = { ref: false };

export type SessionOptions = {
  /** So long an answer may take, ms. */
  responseMs: number;
  /** After so long a silence the peer is asked whether it is there, ms. */
  enquireMs: number;
  /** What a message or receipt of the peer's is answered with, also a malformed one; it never rejects. */
  onDelivery: (delivered: Decoded) => Promise<number>;
  /** What a peer should not have sent. */
  onOdd: (why: string) => void;
};

export type Request = { command: CommandName; withinMs?: number } & PduContent;

export type Session = {
  request(request: Request): Promise<RequestEnd>;
  /** Resolves with why, once nothing can be sent any more. */
  ended: Promise<string>;
  /** Begins nothing, waits for what is in hand for `drainMs` at most, unbinds and closes. */
  stop(drainMs: number): Promise<void>;
};

/** A session on a socket that is connected, which is its own from now on. */
export function openSession(socket: Socket, options: SessionOptions): Session {
  const { responseMs, enquireMs, onOdd, onDelivery } = options;
  const pending = pendingRequests();
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<string>();
  let phase: "open" | "stopping" | "over" = "open";
  const peer = answerPeer({ send, end, onDelivery, onOdd });
  const silence = setTimeout(() => void enquire(), enquireMs);
  const stopReading = readPdus(socket, {
    onBytes: () => silence.refresh(),
    onPdu: take,
    onFault({ status, why }) {
      onOdd(why);
      send(nackTo(0, status));
      end(why);
    },
    onEnd: end,
  });

  function end(why: string): void {
    if (phase === "over") return;
    phase = "over";
    clearTimeout(silence);
    stopReading();
    pending.loseAll(why);
    // What was written last still goes out.
    socket.destroySoon();
    tellEnded(why);
  }

  function send(pdu: Pdu): void {
    if (phase === "over") return;
    socket.write(encodePdu(pdu));
    if (socket.writableLength > UNREAD_BYTES_MAX) end("the peer does not read");
  }

  function take(decoded: Decoded): void {
    if (decoded.type === "malformed") return takeMalformed(decoded);
    const { pdu } = decoded;
    if (!isResponse(pdu.command)) return peer.take(pdu);
    if (!pending.settle(pdu)) onOdd(`${pdu.command} that nobody waits for`);
  }

  function takeMalformed(malformed: Malformed): void {
    const { status, why, header } = malformed;
    onOdd(why);
    const command = commandOf(header.commandId);
    if (command && isResponse(command)) pending.lose(header.sequence, `it was answered: ${why}`);
    else if (command) peer.takeMalformed(malformed, command);
    else send(nackTo(header.sequence, status));
  }

  async function enquire(): Promise<void> {
    if (phase !== "open") return;
    const { type } = await ask({ command: "enquire_link" });
    if (type === "lost") end("no answer to enquire_link");
  }

  function ask({ command, withinMs = responseMs, ...content }: Request): Promise<RequestEnd> {
    const { sequence, end: answered } = pending.add(command, withinMs);
    send({ ...emptyPdu({ command, sequence }), ...content });
    return answered;
  }

  return {
    ended,
    request: async (request) => (phase === "open" ? ask(request) : { type: "unsent" }),
    async stop(drainMs) {
      if (phase === "open") {
        phase = "stopping";
        const drained = Promise.all([pending.idle(), peer.idle()]);
        await Promise.race([drained, sleep(drainMs, undefined, IDLY), ended]);
        await ask({ command: "unbind", withinMs: Math.min(GOODBYE_MS_MAX, responseMs) });
        end("unbound");
      }
      await closed(socket);
    },
  };
}

/** Within two seconds, whatever the peer does. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) {
    await Promise.race([once(socket, "close"), sleep(GOODBYE_MS_MAX, undefined, IDLY)]);
  }
  socket.destroy();
}
