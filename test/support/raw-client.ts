// A client that says whatever it likes over a socket, as no HTTP library would let it.
import { connect, type Socket } from "node:net";

export type RawAnswer = {
  /** All that came back. */
  text: string;
  /** Of the first answer; undefined where none came. */
  status: number | undefined;
  /** Whether the connection ended in order: neither reset nor cut by our own limit. */
  endedInOrder: boolean;
};

type RawOptions = {
  port: number;
  /** Close our side after the last byte. */
  halfClose?: boolean;
  /** Give up after this silence. */
  silenceMs?: number;
};

/** Writes everything before it reads anything, then reads to the end of the connection. */
export async function sayRaw(
  pieces: readonly (string | Uint8Array)[],
  { port, halfClose = false, silenceMs = 3_000 }: RawOptions,
): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  socket.pause();
  const faults: Error[] = [];
  socket.on("error", (error) => faults.push(error));
  for (const piece of pieces) await written(socket, piece);
  if (halfClose) socket.end();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  let isCut = false;
  socket.setTimeout(silenceMs, () => {
    isCut = true;
    socket.destroy();
  });
  socket.resume();
  if (!socket.destroyed) await new Promise((done) => socket.once("close", done));
  const text = Buffer.concat(chunks).toString("latin1");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return {
    text,
    status: status === undefined ? undefined : Number(status),
    endedInOrder: faults.length === 0 && !isCut,
  };
}

/** Resolves when the bytes have left us, or never can. */
function written(socket: Socket, piece: string | Uint8Array): Promise<void> {
  return new Promise((done) => {
    if (socket.destroyed) return done();
    socket.once("close", done);
    socket.write(piece, () => done());
  });
}
