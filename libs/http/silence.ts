// Connections on which nothing moves. Where the client is the silent one, it is cut off; while we are
// still at its answer, it has nothing to say.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { listenerLimits } from "./listener-limits.ts";

type InHand = { response: ServerResponse; since: number };

/** Replaces Node's own end of silent connections: `server.timeout`, ms, is still how long silence may be. */
export function cutSilent(server: Server): void {
  const inHand = new WeakMap<Socket, InHand>();
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    inHand.set(socket, { response, since: performance.now() });
  });
  server.on("timeout", (socket: Socket) => {
    const current = inHand.get(socket);
    if (!current || !isOurTurn(current)) socket.destroy();
    else socket.setTimeout(server.timeout);
  });
}

/** The request has come whole, and nothing of the answer has gone out. */
function isOurTurn({ response, since }: InHand): boolean {
  if (!response.req.complete || response.headersSent) return false;
  return performance.now() - since < listenerLimits.answerMs;
}
