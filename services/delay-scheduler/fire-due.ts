// What is due in one shard becomes ticks on Kafka. A timer is only lent: its entry stays until the transition that it
// causes is committed, and fires again when its lease has ended.
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { TimerTick } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { DueTimer } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { setAside } from "#libs/message-flow/set-aside.ts";
import { claimedCount } from "./metrics.ts";

/**
 * Timers of one shard whose ticks are on their way. With 16 shards some 4,000: as many as the
 * consumers move within a second, so that one that is due now is out soon whatever waits.
 */
const LENT_COUNT_MAX = 256;

/**
 * Fires what is due in one shard; calls of one turn share their way to Redis and to Kafka. `sleepMs` is how long nothing
 * else will be due, as far as is known. Throws ShardClosedError for a shard that is closed, RetriableError while a
 * dependency is away.
 */
export async function fireDue(
  shard: number,
  { flow, leaseMs }: { flow: Flow; leaseMs: number },
): Promise<{ sleepMs: number; epoch: Epoch }> {
  const options = { callerNowMs: Date.now(), leaseMs, lentMax: LENT_COUNT_MAX };
  const claim = await flow.store.claimDue(shard, options);
  const ticks = claim.due.map((timer) => toTick(timer, claim.nowMs));
  const odd = ticks.flatMap((tick) => withFault(tick));
  for (const { tick, reason } of odd) await drop(tick, { shard, reason }, flow);
  const good = odd.length === 0 ? ticks : ticks.filter((tick) => withFault(tick).length === 0);
  claimedCount.inc(good.length);
  if (good.length > 0) await publishTicks(good, claim.epoch, flow);
  const { epoch, nextDueAt, nowMs } = claim;
  return { epoch, sleepMs: nextDueAt === null ? Infinity : Math.max(0, nextDueAt - nowMs) };
}

function toTick(timer: DueTimer, firedAt: number): TimerTick {
  return { ...timer, firedAt };
}

/** Timers whose ticks are not out are not lent: while Kafka is away their leases would grow. */
async function publishTicks(ticks: readonly TimerTick[], epoch: Epoch, flow: Flow): Promise<void> {
  try {
    await flow.producer.publish(ticks.map((tick) => toRecord(tick, flow)));
  } catch (error) {
    const messageIds = ticks.map(({ messageId }) => messageId);
    await flow.store.takeBack(epoch, messageIds);
    throw error;
  }
}

/** A timer that no commit of ours has armed: its tick would be a dead letter at every lease. */
function withFault(tick: TimerTick): { tick: TimerTick; reason: string }[] {
  const held = withinBounds("timer-tick", { ...tick }, 0);
  return held instanceof Error ? [{ tick, reason: held.message }] : [];
}

/** Resolves once the dead letter is in Kafka and the timer is gone. */
async function drop(
  { messageId, ...instants }: TimerTick,
  { shard, reason }: { shard: number; reason: string },
  flow: Flow,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(instants));
  const key = Buffer.from(messageId);
  await setAside({ topic: topics.timerTicks.name, key, bytes, stage: "timer", reason }, flow);
  const { epoch, messages } = await flow.store.read(shard, [messageId]);
  const gone = messages.map(({ version }) => ({ messageId, version, dueAt: null }));
  await flow.store.rearm(epoch, gone);
}

function toRecord(tick: TimerTick, { contracts }: Flow): OutgoingRecord {
  const value = contracts.timerTick.encode(tick);
  return { topic: topics.timerTicks.name, key: tick.messageId, value };
}
