// Redis may come back without its last writes, while Kafka's offsets are past what they were about.
// The newest entry of each message that was handled lately is kept, and handled once more then.

import { handleApart, noneWaiting } from "#libs/apart.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { RetriableError } from "#libs/errors.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Log } from "#libs/telemetry/log.ts";

type Entry = IncomingRecord<JournalEntry>;
type Handle = (records: readonly Entry[]) => Promise<void>;
type Deps = {
  redis: Pick<RedisConnection, "onReady">;
  now: () => number;
  log: Log;
  onFatal: (error: unknown) => void;
};

/** `appendfsync everysec` loses two seconds of writes at most: https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ */
const KEEP_MS = 5_000;
/** Messages; at some 4 KB each they take 80 MB. */
const KEEP_COUNT_MAX = 20_000;
/** As many as Kafka's consumer hands over at once. */
const PART_COUNT_MAX = 512;

/** `handle`, which may be repeated, and which is whenever Redis is there again. */
export function retelling(handle: Handle, { redis, now, log, onFatal }: Deps) {
  const lately = new Map<string, { record: Entry; handledAt: number }>();
  const lost = new Map<string, Entry>();
  const following = redis.onReady(onReady);

  function onReady(): void {
    for (const [messageId, { record }] of lately) lost.set(messageId, record);
    // If it fails, the next record brings it along, or the next time that Redis is ready.
    retell().catch((error: unknown) => {
      if (!(error instanceof RetriableError)) onFatal(error);
    });
  }

  async function retell(): Promise<void> {
    while (lost.size > 0) {
      const part = [...lost.values()].slice(0, PART_COUNT_MAX);
      // One that cannot be told again has been told before, and holds up nothing that comes.
      for (const { item, fault } of noneWaiting(await handleApart(part, handle))) {
        log.error({ err: fault, messageId: item.value.messageId }, "an entry is not told again");
      }
      for (const { value } of part) lost.delete(value.messageId);
    }
  }

  function remember(records: readonly Entry[]): void {
    const handledAt = now();
    for (const record of records) {
      // The map is in the order in which entries were handled.
      lately.delete(record.value.messageId);
      lately.set(record.value.messageId, { record, handledAt });
    }
    for (const [messageId, each] of lately) {
      if (each.handledAt >= handledAt - KEEP_MS && lately.size <= KEEP_COUNT_MAX) return;
      lately.delete(messageId);
    }
  }

  return {
    handle: async (records: readonly Entry[]): Promise<void> => {
      await retell();
      await handle(records);
      remember(records);
    },
    [Symbol.dispose]: () => following[Symbol.dispose](),
  };
}
