// Writes odd requests to a listener and reads what it says, if it says anything.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { OddRequest } from "./odd-requests.ts";
import type { InTurn } from "./turns.ts";

/** A request that is cut off is waited for by the server: nobody here waits that long with it. */
const SILENCE_MS = 250;
/** A change of settings may wait 5 s for others', and 15 s to see its own; a busy machine takes its time. */
const ANSWER_WITHIN_MS = 60_000;
/** What has begun is over when nothing more comes: who did not ask for it keeps its connection. */
const REST_MS = 20;
/** 501 is a method's, 503 a dependency's that is away; any other one is a bug. */
const MEANT_FAULTS = new Set([501, 503]);
/** The server's framework answered in its own words: ours failed. */
const FRAMEWORKS_WORDS = /\{"statusCode":\d+,/;

/** The status line, the headers and what stands first in a body. */
const BEGINNING_LENGTH = 2_000;

type Listener = { origin: string; connectionCount: number; inTurn: InTurn };

/** Calls `told` with each request and its status, 0 for none. Rejects where one is a fault of ours. */
export async function feedRoute(
  { origin, connectionCount, inTurn }: Listener,
  requests: readonly OddRequest[],
  told: (request: OddRequest, status: number) => void,
): Promise<void> {
  const left = requests.values();
  const worker = async () => {
    for (const request of left) {
      const answer = await inTurn(() => say(origin, request));
      told(request, answer.status);
      const why = faultOf(answer, request);
      if (why !== undefined) throw new Error(`${why} to ${shown(request)}`);
    }
  };
  await Promise.all(Array.from({ length: connectionCount }, worker));
}

type Answer = { status: number; text: string; waitedMs: number };

function faultOf({ status, text, waitedMs }: Answer, { isWhole }: OddRequest): string | undefined {
  if (FRAMEWORKS_WORDS.test(text)) return text;
  if (status >= 500 && !MEANT_FAULTS.has(status)) return `HTTP ${status}`;
  if (waitedMs < ANSWER_WITHIN_MS) return undefined;
  return isWhole || status !== 0 ? `HTTP ${status} after ${Math.round(waitedMs)} ms` : undefined;
}

function shown({ labels, pieces }: OddRequest): string {
  const bytes = Buffer.concat(pieces).toString("latin1");
  return `${labels.join()}: ${JSON.stringify(bytes.slice(0, 2_000))}`;
}

/** How an answer begins; its status is 0 if none came. `waitedMs` is from the last byte on. */
async function say(origin: string, { pieces, pauseMs, isWhole }: OddRequest): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let text = "";
  let writtenAt = performance.now();
  let answeredAt = 0;
  const closed = Promise.withResolvers<void>();
  let refusal: Error | undefined;
  const end = () => void socket.destroy();
  socket.setTimeout(isWhole ? ANSWER_WITHIN_MS : SILENCE_MS, end);
  socket.on("data", (bytes) => {
    answeredAt ||= performance.now();
    if (text.length < BEGINNING_LENGTH) text += bytes.toString("latin1", 0, BEGINNING_LENGTH);
    socket.setTimeout(REST_MS);
  });
  socket.on("error", (error) => {
    // It may close while we still write; but somebody must listen.
    if ("code" in error && error.code === "ECONNREFUSED") refusal = error;
  });
  socket.on("close", () => closed.resolve());
  const [first, ...rest] = pieces;
  socket.write(first ?? "");
  for (const piece of rest) {
    await sleep(pauseMs);
    if (socket.destroyed) break;
    socket.write(piece);
    writtenAt = performance.now();
  }
  await closed.promise;
  if (refusal !== undefined) throw refusal;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  return { status, text, waitedMs: (answeredAt || performance.now()) - writtenAt };
}
