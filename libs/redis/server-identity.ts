// Which Redis process a connection leads to. A process that restarts, and a replica that is promoted, is
// another one, and may lack the last writes of the one before; both break every connection. So whoever
// asks again after each break knows before its first call whether what it has read is still true.
import type { Redis } from "ioredis";
import { RetriableError } from "#libs/errors.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type ServerIdentity = {
  /** The process' `run_id`. Throws RetriableError while the connection is away, or has not asked yet. */
  current(): string;
  /** Resolves once it is known. Rejects with an Error for a Redis that does not tell it. */
  known(): Promise<void>;
};

/** Asks at every connection anew, as soon as it is ready. */
export function followServer(client: Redis, log: Log): ServerIdentity {
  let runId: string | null = null;
  let asking: Promise<void> = Promise.resolve();
  client.on("close", () => {
    runId = null;
  });
  client.on("ready", () => {
    asking = ask();
    asking.catch((error) => {
      log.warn({ err: error }, "Redis does not say who it is; the connection is made anew.");
      if (client.status === "ready") client.disconnect(true);
    });
  });

  async function ask(): Promise<void> {
    const info = await redisReply(client.info("server"));
    runId = /^run_id:(\S+)/m.exec(info)?.[1] ?? null;
    if (runId === null) throw new Error("Redis does not tell its run_id.");
  }

  return {
    current() {
      if (runId !== null) return runId;
      throw new RetriableError("Redis: which process answers is not known yet.");
    },
    known: () => asking,
  };
}
