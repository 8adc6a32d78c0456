// Writes odd requests to a listener and reads what it says, if it says anything.
import { connect } from "node:net";

/** At once, as many as a browser farm would open. */
const CONNECTION_COUNT = 16;
/** A request that is cut off is waited for by the server: nobody here waits that long with it. */
const SILENCE_MS = 250;
const ANSWER_WITHIN_MS = 20_000;
/** What has begun is over when nothing more comes: who did not ask for it keeps its connection. */
const REST_MS = 250;

/** Resolves with the count of each status; 0 counts those without an answer. */
export async function feedRoute(origin: string, requests: readonly Buffer[]) {
  const counts = new Map<number, number>();
  const left = requests.values();
  const worker = async () => {
    for (const request of left) {
      const status = await statusOf(origin, request);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      // 503 is a dependency's fault and 501 a method's; anything else from there is a bug.
      if (status === 500 || status === 502) throw new Error(`HTTP ${status} to ${shown(request)}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTION_COUNT }, worker));
  return counts;
}

function shown(request: Buffer): string {
  return JSON.stringify(request.toString("latin1").slice(0, 2_000));
}

function statusOf(origin: string, request: Buffer): Promise<number> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = connect({ host: hostname, port: Number(port) });
  let answer = "";
  const giveUp = setTimeout(() => socket.destroy(), ANSWER_WITHIN_MS);
  const silence = setTimeout(() => answer === "" && socket.destroy(), SILENCE_MS);
  let rest: NodeJS.Timeout | undefined;
  socket.on("data", (bytes) => {
    answer += bytes.toString("latin1");
    clearTimeout(rest);
    rest = setTimeout(() => socket.destroy(), REST_MS);
  });
  socket.on("connect", () => socket.write(request));
  socket.on("error", (error) => {
    // It may close while we still write; but somebody must listen.
    if ("code" in error && error.code === "ECONNREFUSED") reject(error);
  });
  socket.on("close", () => {
    clearTimeout(giveUp);
    clearTimeout(silence);
    clearTimeout(rest);
    resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
  });
  return promise;
}
