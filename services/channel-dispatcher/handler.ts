import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { laneOf } from "#libs/dispatch-store/keys.ts";
import type { Arrival } from "#libs/dispatch-store/lanes.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import { claimFoundCounter } from "./metrics.ts";

type Intake = Pick<DispatchDeps, "channel" | "lanes" | "publish" | "bell">;

/**
 * Takes a batch of commands into the lanes, however long they will have to wait there. One that was
 * answered before is reported again and not called.
 */
export async function handleCommands(
  records: readonly IncomingRecord<DispatchCommand>[],
  { channel, lanes, publish, bell }: Intake,
): Promise<void> {
  const arrivals = records.map(arrivalOf);
  const found = await lanes.takeIn(arrivals);
  bell.ring();
  const repeats = records.flatMap(({ value: { messageId } }, index) => {
    const { state, report } = found[index] ?? { state: "new", report: null };
    if (state !== "new") claimFoundCounter.inc({ channel, state });
    return report ? [{ messageId, report, traceparent: arrivals[index]?.traceparent }] : [];
  });
  await Promise.all(repeats.map(publish));
}

function arrivalOf({ value, bytes, headers }: IncomingRecord<DispatchCommand>): Arrival {
  const { commandId } = value;
  const traceparent = headers[headerNames.traceparent];
  return { commandId, lane: laneOf(value), command: bytes, traceparent };
}
