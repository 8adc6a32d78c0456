import type { Taken } from "#libs/dispatch-store/replies.ts";
import { type Burying, bury } from "#libs/kafka/dead-letters.ts";
import { headerNames } from "#libs/kafka/headers.ts";

/** A lane does not know where on the topic its commands lay. */
const UNKNOWN_PLACE = -1;

/** Puts a command that cannot be handled into the dead letters of its topic, as it came. */
export async function buryCommand(
  { commandId, command, traceparent }: Taken,
  fault: unknown,
  { topic, ...burying }: Burying & { topic: string },
): Promise<void> {
  const headers = traceparent ? { [headerNames.traceparent]: traceparent } : {};
  const message = {
    key: Buffer.from(commandId),
    value: command,
    headers,
    offset: String(UNKNOWN_PLACE),
    timestamp: String(Date.now()),
    attributes: 0,
  };
  await bury([{ message, fault }], { topic, partition: UNKNOWN_PLACE }, burying);
}
