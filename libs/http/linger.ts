// Closing a connection whose client may still be sending. A socket that is closed with bytes unread is
// reset, and the reset can overtake the answer: the client sees a broken pipe and never learns why. So
// our side ends, what comes is read and dropped for a while, and only then the socket closes.
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { listenerLimits } from "./listener-limits.ts";

const ending = new WeakSet<Duplex>();

/** Where the server would close a connection in the middle of a body, it lingers. */
export function lingerOver(server: Server): void {
  const latest = new WeakMap<Socket, IncomingMessage>();
  server.on("connection", (socket) => {
    const destroySoon = socket.destroySoon.bind(socket);
    // Node's server calls it once the last answer of a connection has been written.
    socket.destroySoon = () => {
      if (latest.get(socket)?.complete ?? true) destroySoon();
      else endLingering(socket, "");
    };
  });
  server.on("request", (request) => latest.set(request.socket, request));
}

/** Whether the connection has had its last answer: what comes after it is nobody's request. */
export function isEnding(socket: Duplex): boolean {
  return ending.has(socket);
}

/** Sends the last bytes; closes when the client does, or after `lingerMs`. Never throws. */
export function endLingering(socket: Duplex, last: string): void {
  if (ending.has(socket)) return;
  ending.add(socket);
  // A client that breaks the connection now breaks nothing else.
  socket.on("error", () => socket.destroy());
  if (!socket.writable) return void socket.destroy();
  socket.end(last);
  const timer = setTimeout(() => socket.destroy(), listenerLimits.lingerMs);
  socket.once("close", () => clearTimeout(timer));
}
