// Redis may come back without its last writes, or empty. Every commit raises its shard's counter,
// so a counter below one that we have seen tells it; then nobody may decide on what is left.
import { Counter } from "prom-client";
import { RetriableError } from "#libs/errors.ts";
import { errorReply } from "#libs/redis/redis-fault.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { registry } from "#libs/telemetry/metrics.ts";

/** Retriable: the input is taken again after the shard has been restored. */
export class LostWritesError extends RetriableError {
  override name = "LostWritesError";
  readonly shard: number;
  readonly seenCounter: number;
  readonly storedCounter: number;

  constructor(lost: { shard: number; seenCounter: number; storedCounter: number }) {
    super(
      `Redis lost writes of shard ${lost.shard}: its counter is ${lost.storedCounter}, ` +
        `and ${lost.seenCounter} was seen before.`,
    );
    this.shard = lost.shard;
    this.seenCounter = lost.seenCounter;
    this.storedCounter = lost.storedCounter;
  }
}

const refusals = new Counter({
  name: "fallthrough_flow_store_lost_writes_total",
  help: "Calls refused because Redis has lost writes of the shard.",
  labelNames: ["shard"],
  registers: [registry],
});

export type CounterGuard = ReturnType<typeof createCounterGuard>;

/** Remembers, for this process, the highest counter seen of each shard. */
export function createCounterGuard(shardCount: number, log: Log) {
  const counters = Array.from({ length: shardCount }, () => 0);

  /** Read it when a call is sent: a reply can only be behind what was seen before that. */
  function seen(shard: number): number {
    const counter = counters[shard];
    if (counter !== undefined) return counter;
    throw new RangeError(`There is no shard ${shard}; there are ${shardCount}.`);
  }

  function refuse(shard: number, seenCounter: number, storedCounter: number): never {
    const error = new LostWritesError({ shard, seenCounter, storedCounter });
    refusals.inc({ shard });
    log.error({ shard, seenCounter, storedCounter }, error.message);
    throw error;
  }

  return {
    seen,
    /** Notes a counter that Redis holds. Throws LostWritesError if it is below `seenCounter`. */
    note(shard: number, seenCounter: number, storedCounter: number): void {
      if (storedCounter < seenCounter) refuse(shard, seenCounter, storedCounter);
      counters[shard] = Math.max(seen(shard), storedCounter);
    },
    /** Awaits a script's reply; throws LostWritesError if the script refused for that. */
    async refusal<Reply>(
      shard: number,
      seenCounter: number,
      reply: Promise<Reply>,
    ): Promise<Reply> {
      try {
        return await reply;
      } catch (error) {
        const [code, counter] = errorReply(error)?.split(" ") ?? [];
        if (code === "LOSTWRITES") refuse(shard, seenCounter, Number(counter));
        throw error;
      }
    },
  };
}
