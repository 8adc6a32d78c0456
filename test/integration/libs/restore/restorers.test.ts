// Several restorers, and what one of them leaves behind. Beside `restore-shards.test.ts`, which has one of them.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { messageKeys } from "#libs/flow-store/keys.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { sent, threeSteps, tick } from "#test/support/journal-entry.ts";
import { entryOf, own, readReport } from "#test/support/lately.ts";
import {
  dumpOf,
  journalProducer,
  journalRecordOf,
  type Restorer,
  startRestorer,
} from "#test/support/restorer.ts";

const DAY_MS = 24 * 3_600_000;
const EPOCH = "000007-0000000a";
const resources = new AsyncDisposableStack();
let producer: Producer;

beforeAll(async () => {
  producer = await journalProducer(resources);
}, 120_000);
afterAll(() => resources.disposeAsync());

it("a restorer may die at any point, and several may be at it: the result is the same", async () => {
  const scheduledAt = Date.now() + DAY_MS;
  const entries = Array.from({ length: 40 }, () =>
    entryOf(own("many"), [sent(threeSteps, { scheduledAt })]),
  );
  const calm = await startRestorer(resources, 16);
  const records = entries.map((entry, index) =>
    journalRecordOf(entry, calm.contracts, { epoch: EPOCH, counter: index, partition: index % 16 }),
  );
  await producer.publish(records);
  const done = await calm.restore();
  expect(done!.writtenCount).toBeGreaterThanOrEqual(entries.length);

  const harried = await startRestorer(resources, 16);
  for (const at of [0, 3, 7, 12]) {
    let left = at;
    const live = () => {
      if (left-- === 0) throw new Error("killed");
    };
    const { store } = harried;
    const mortal = {
      ...store,
      restore: async (...given: Parameters<typeof store.restore>) => {
        live();
        return store.restore(...given);
      },
      open: async (...given: Parameters<typeof store.open>) => {
        live();
        return store.open(...given);
      },
    };
    await expect(harried.restore({ store: mortal })).rejects.toThrow("killed");
  }
  // Who finds a shard open that another one was faster with begins anew.
  const ends = await Promise.allSettled([harried.restore(), harried.restore(), harried.restore()]);
  const faults = ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
  expect(faults.filter((fault) => !(fault instanceof ShardClosedError))).toEqual([]);
  while (await harried.restore());
  const shards = await harried.store.inspect();
  expect(shards.every(({ isOpen }) => isOpen)).toBe(true);
  const [wanted, found] = await Promise.all([dumpOf(calm.redis), dumpOf(harried.redis)]);
  const isMine = (key: string) => entries.some(({ messageId }) => key.endsWith(messageId));
  const mine = Object.keys(wanted).filter(isMine);
  expect(mine).toHaveLength(entries.length);
  for (const key of mine) expect([key, found[key]]).toEqual([key, wanted[key]]);
  // Other tests may have published meanwhile.
  expect(Object.keys(found)).toEqual(expect.arrayContaining(Object.keys(wanted)));
  expect(Object.keys(found).filter((key) => key.endsWith(":restored"))).toEqual([]);
}, 180_000);

it("looks for commands of attempts that were left where each message is newest", async () => {
  const restorer = await startRestorer(resources, 16);
  const { store, redis, contracts } = restorer;
  const ids = own("left");
  const left = entryOf(ids, [sent(threeSteps), tick(60_000)]);
  const newer = entryOf(ids, [sent(threeSteps), tick(60_000), readReport()]);
  const records = [left, newer].map((entry, index) =>
    journalRecordOf(entry, contracts, { epoch: EPOCH, counter: index, partition: index }),
  );
  await producer.publish(records);
  const found: number[] = [];
  await restorer.restore({
    async leftCommandsAgain({ shard }, messageIds) {
      if (!messageIds.includes(ids.messageId)) return;
      const state = await redis.at("").getBuffer(messageKeys(shard, [ids.messageId])[0]!);
      found.push(state!.readUInt32BE());
    },
  });
  expect(found).toEqual([3]);
  expect((await store.inspect()).every(({ isOpen }) => isOpen)).toBe(true);
}, 120_000);

it("a restorer that is killed is followed by another, and one that stood still meanwhile writes nothing more", async () => {
  const scheduledAt = Date.now() + DAY_MS;
  const entries = Array.from({ length: 60 }, () =>
    entryOf(own("taken-over"), [sent(threeSteps, { scheduledAt })]),
  );
  const restorer = await startRestorer(resources, 16);
  const records = entries.map((entry, index) =>
    journalRecordOf(entry, restorer.contracts, { epoch: EPOCH, partition: index % 16 }),
  );
  await producer.publish(records);
  const [killed, stopped] = [restorerProcess(restorer), restorerProcess(restorer)];
  await Promise.all([killed.says("stands still"), stopped.says("stands still")]);
  killed.child.kill("SIGKILL");
  while (await restorer.restore());
  const mine = messagesOf(await dumpOf(restorer.redis), entries);
  expect(mine).toHaveLength(entries.length);
  const shards = async () => {
    const found = await restorer.store.inspect();
    return found.map((shard) => ({ ...shard, clocks: null }));
  };
  const before = await shards();

  stopped.child.stdin.write("go on");
  await stopped.says("was too late");
  expect(messagesOf(await dumpOf(restorer.redis), entries)).toEqual(mine);
  expect(await shards()).toEqual(before);
}, 120_000);

/** Each with the value that its key has. */
function messagesOf(dump: Record<string, unknown>, entries: readonly JournalEntry[]) {
  const isMine = (key: string) => entries.some(({ messageId }) => key.endsWith(messageId));
  return Object.entries(dump).filter(([key]) => isMine(key));
}

function restorerProcess({ redisUrl }: Restorer) {
  const file = join(import.meta.dirname, "../../../support/restorer-process.ts");
  const child = spawn(process.execPath, [file, redisUrl, "16"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  resources.defer(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const says = (line: string) => expect.poll(() => lines, { timeout: 60_000 }).toContain(line);
  return { child, says };
}
