// Sends over HTTP, from the servers' cores.
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { percentile } from "../figures/statistics.ts";

export type Target = {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
};

const CONNECTION_COUNT = 32;
const SLICE_MS = 10;

export type HttpLoad = AsyncDisposable & {
  /** As fast as answers come, for so long; returns how many were answered. */
  rush(seconds: number): Promise<number>;
  /** At a rate, whatever the answers; how long each took, ms. */
  steady(load: { perSecond: number; seconds: number }): Promise<{ p50Ms: number; p99Ms: number }>;
};

/** Rejects where an answer is not one of success. */
export function httpLoad({ origin, path, headers, body }: Target): HttpLoad {
  const pool = new Pool(origin, { connections: CONNECTION_COUNT });
  const post = async () => {
    const all = { "content-type": "application/json", ...headers };
    const answer = await pool.request({ method: "POST", path, headers: all, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} from ${path}: ${text}`);
  };
  return {
    async rush(seconds) {
      const until = performance.now() + seconds * 1_000;
      let count = 0;
      const caller = async () => {
        for (; performance.now() < until; count += 1) await post();
      };
      await Promise.all(Array.from({ length: CONNECTION_COUNT }, caller));
      return count;
    },
    async steady({ perSecond, seconds }) {
      const took: number[] = [];
      const calls: Promise<void>[] = [];
      const startedAt = performance.now();
      for (let index = 0; index < perSecond * seconds; index++) {
        const at = startedAt + (index * 1_000) / perSecond;
        while (performance.now() < at)
          await sleep(Math.min(SLICE_MS, Math.max(0, at - performance.now())));
        // From when it was to be sent: what waits for a connection is late all the same.
        calls.push(post().then(() => void took.push(performance.now() - at)));
      }
      await Promise.all(calls);
      return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}
