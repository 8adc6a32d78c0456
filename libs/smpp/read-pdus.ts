// What a socket brings, PDU by PDU, until it ends or cannot be read any more.
import type { Readable } from "node:stream";
import { createFramer, type FramingFault } from "./framer.ts";
import { PDU_MS_MAX } from "./limits.ts";
import { type Decoded, decodePdu } from "./pdu.ts";

type Listener = {
  /** Something came: the peer is there. */
  onBytes: () => void;
  onPdu: (decoded: Decoded) => void;
  /** Nothing more can be read, since nobody knows where the next PDU begins. */
  onFault: (fault: FramingFault) => void;
  /** Also of a PDU that does not become whole within 10 s. */
  onEnd: (why: string) => void;
};

/** What it returns ends the reading. */
export function readPdus(socket: Readable, listener: Listener): () => void {
  const framer = createFramer();
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  function take(chunk: Buffer): void {
    if (isOver) return;
    listener.onBytes();
    const framed = framer.push(chunk);
    for (const one of framed) {
      // What is told may have ended the reading.
      if (isOver) return;
      if (one.type === "pdu") listener.onPdu(decodePdu(one.bytes));
      else listener.onFault(one);
    }
    watch(framed.length > 0);
  }

  function watch(isNewPdu: boolean): void {
    if (isNewPdu || !framer.isAmid()) {
      clearTimeout(timer);
      timer = undefined;
    }
    if (isOver || !framer.isAmid()) return;
    timer ??= setTimeout(listener.onEnd, PDU_MS_MAX, `a PDU took longer than ${PDU_MS_MAX} ms`);
  }

  socket.on("data", take);
  socket.on("error", (error) =>
    listener.onEnd("code" in error ? String(error.code) : error.message),
  );
  socket.on("close", () => listener.onEnd("the peer closed the connection"));
  if (socket.destroyed) queueMicrotask(() => listener.onEnd("the connection was closed"));
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
