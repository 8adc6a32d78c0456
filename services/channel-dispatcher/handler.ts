import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { laneOf } from "#libs/dispatch-store/keys.ts";
import type { Arrival } from "#libs/dispatch-store/lanes.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import type { KnownShard } from "./load-state.ts";
import { isOlderThanKnown } from "./may-be-called.ts";
import { claimFoundCounter } from "./metrics.ts";

type Intake = Pick<
  DispatchDeps,
  "channel" | "lanes" | "publish" | "bell" | "knownShards" | "commandCodec"
>;

/**
 * Takes a batch of commands into the lanes, however long they will have to wait there. One that was
 * answered before is reported again and not called. One that is older than what Redis knows, and that it
 * does not know, may have been called before Redis was lost. Throws RetriableError while a shard is closed:
 * who takes a command into a Redis that is about to be restored would call it a second time.
 */
export async function handleCommands(
  records: readonly IncomingRecord<DispatchCommand>[],
  intake: Intake,
): Promise<void> {
  const { channel, lanes, publish, bell } = intake;
  const shards = await intake.knownShards(records.map(({ value }) => value.messageId));
  const arrivals = records.map((record, index) => arrivalOf(record, shards[index], intake));
  const found = await lanes.takeIn(arrivals);
  bell.ring();
  const repeats = records.flatMap(({ value: { messageId } }, index) => {
    const { state, report } = found[index] ?? { state: "new", report: null };
    if (state !== "new") claimFoundCounter.inc({ channel, state });
    return report ? [{ messageId, report, traceparent: arrivals[index]?.traceparent }] : [];
  });
  await Promise.all(repeats.map(publish));
}

function arrivalOf(
  { value, bytes, headers }: IncomingRecord<DispatchCommand>,
  shard: KnownShard | undefined,
  { commandCodec }: Pick<Intake, "commandCodec">,
): Arrival {
  const { commandId } = value;
  const traceparent = headers[headerNames.traceparent];
  const isForgotten = !value.mayBeCalled && shard !== undefined && isOlderThanKnown(value, shard);
  const command = isForgotten ? commandCodec.encode({ ...value, mayBeCalled: true }) : bytes;
  return { commandId, lane: laneOf(value), command, traceparent };
}
