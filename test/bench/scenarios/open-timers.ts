// Ten thousand timers fire while few others are open, and while ten million are: a claim is to cost the same.
import { Redis } from "ioredis";
import { SHARD_COUNT_KEY, shardKeys } from "#libs/flow-store/keys.ts";
import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import { fireOurs } from "./fire.ts";
import type { Scenario } from "./scenario.ts";

const FIRED_COUNT_MAX = 10_000;
/** Added in one call of a script: some 20 ms. */
const SLICE_COUNT = 20_000;
/** In the year 2100: no measurement sees them fire. */
const FAR_AHEAD = Date.UTC(2100, 0);

/** KEYS[1] timers; ARGV: shard, first number, how many, due. An id is as long as a message's. */
const ADD = `
for i = ARGV[2], ARGV[2] + ARGV[3] - 1 do
  redis.call("ZADD", KEYS[1], ARGV[4] + i, string.format("%08x-0000-4000-8000-%012x", ARGV[1], i))
end`;

export const openTimers: Scenario = {
  name: "open-timers",
  title: "fire ten thousand timers, beside few and beside millions that are not due",
  event: "timer",
  systems: { few: fireSome, millions: besideMillions },
};

/** `redisUs` is Redis' CPU for one timer: request, arming, claim and transition. */
async function fireSome(bench: Bench): Promise<Sample> {
  const sample = await fireOurs(bench, Math.min(FIRED_COUNT_MAX, bench.plan.messageCount));
  const redisUs = sample.cpuUs["redis"];
  return redisUs === undefined ? sample : { ...sample, figures: { ...sample.figures, redisUs } };
}

async function besideMillions(bench: Bench): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const client = new Redis(bench.infrastructure.redisUrl);
  stack.defer(() => client.disconnect());
  const shards = [...Array(Number(await client.get(SHARD_COUNT_KEY))).keys()];
  // While millions come and go the file would be written anew again and again.
  await client.config("SET", "auto-aof-rewrite-percentage", 0);
  stack.defer(async () => void (await client.config("SET", "auto-aof-rewrite-percentage", 100)));
  stack.defer(() => removeAll(client, shards));
  const countOfShard = Math.ceil(bench.plan.openTimerCount / shards.length);
  for (const shard of shards) await addFarAhead(client, shard, countOfShard);
  return await fireSome(bench);
}

async function addFarAhead(client: Redis, shard: number, count: number): Promise<void> {
  for (let from = 0; from < count; from += SLICE_COUNT) {
    const sliceCount = Math.min(SLICE_COUNT, count - from);
    await client.eval(ADD, 1, shardKeys(shard).timers, shard, from, sliceCount, FAR_AHEAD);
  }
}

async function removeAll(client: Redis, shards: readonly number[]): Promise<void> {
  for (const shard of shards) {
    const { timers, armed } = shardKeys(shard);
    // They count as lost where somebody has noted that they were there.
    await client.multi().zremrangebyscore(timers, FAR_AHEAD, "+inf").del(armed).exec();
  }
}
