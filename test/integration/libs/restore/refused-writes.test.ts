// Fault: Redis takes no writes in the middle of a restore: it is full, or a replica by now. Invariants: the restore ends
// with a fault that passes, no shard is open meanwhile, and the next one brings everything back.
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { messageKeys } from "#libs/flow-store/keys.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { sent, threeSteps } from "#test/support/journal-entry.ts";
import { entryOf, own } from "#test/support/lately.ts";
import { journalProducer, journalRecordOf, startRestorer } from "#test/support/restorer.ts";

const resources = new AsyncDisposableStack();
let producer: Producer;

beforeAll(async () => {
  producer = await journalProducer(resources);
}, 120_000);
afterAll(() => resources.disposeAsync());

type Refusal = {
  begin: (client: Redis) => Promise<unknown>;
  end: (client: Redis) => Promise<unknown>;
};

const refusals: [string, Refusal][] = [
  [
    "is full",
    {
      begin: (client) => client.config("SET", "maxmemory", "1mb"),
      end: (client) => client.config("SET", "maxmemory", "0"),
    },
  ],
  [
    "is a replica",
    {
      begin: (client) => client.replicaof("127.0.0.1", 1),
      end: (client) => client.call("REPLICAOF", "NO", "ONE"),
    },
  ],
];

it.each(refusals)(
  "a restore goes on from its beginning once Redis that %s takes writes again",
  async (_name, refusal) => {
    const restorer = await startRestorer(resources, 4);
    const { store, contracts, redisUrl } = restorer;
    // The connection of a store ends where a replica answers.
    const client = new Redis(redisUrl);
    resources.defer(() => client.disconnect());
    const entries = Array.from({ length: 20 }, () => entryOf(own("refused"), [sent(threeSteps)]));
    const place = { epoch: "000007-0000000a", counter: 1 };
    await producer.publish(entries.map((entry) => journalRecordOf(entry, contracts, place)));

    let callCount = 0;
    const halting: typeof store = {
      ...store,
      async restore(...given) {
        if (callCount++ === 1) await refusal.begin(client);
        return store.restore(...given);
      },
    };
    await expect(restorer.restore({ store: halting })).rejects.toThrow(RetriableError);
    const shards = () => vi.waitFor(() => store.inspect(), { timeout: 30_000 });
    expect((await shards()).some(({ isOpen }) => isOpen)).toBe(false);

    await refusal.end(client);
    await vi.waitFor(() => restorer.restore(), { timeout: 60_000 });
    expect((await shards()).every(({ isOpen }) => isOpen)).toBe(true);
    const keys = entries.map(
      ({ messageId }) => messageKeys(store.shardOf(messageId), [messageId])[0]!,
    );
    expect(await client.exists(keys)).toBe(entries.length);
  },
  120_000,
);
