import { Counter } from "prom-client";
import { WaitsAloneError } from "#libs/errors.ts";
import { LOST, LOST_BESIDE } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { registry } from "#libs/telemetry/metrics.ts";

const refusals = new Counter({
  name: "fallthrough_shard_refusals_total",
  help: "Calls refused because their shard is closed, or was opened anew since.",
  labelNames: ["shard"],
  registers: [registry],
});

/** Which shard a record waits for while it is closed, as `ShardClosedError` says it; for `Subscription.waitsFor`. */
export function shardWaitedFor({ shardOf }: Pick<FlowStore, "shardOf">) {
  return ({ value: { messageId } }: { value: { messageId: string | null } }) =>
    messageId === null ? undefined : nameOf(shardOf(messageId));
}

const nameOf = (shard: number) => `shard ${shard}`;

/**
 * Nobody may decide on a shard: Redis may lack what was written, until the journal is compared and the
 * shard is opened. Retriable: the input is taken again then.
 */
export class ShardClosedError extends WaitsAloneError {
  override name = "ShardClosedError";
  readonly shard: number;
  /** What is stored as the shard's epoch; "" for nothing. */
  readonly token: string;

  constructor(shard: number, token: string, isOpen = false) {
    super(
      nameOf(shard),
      `Shard ${shard} ${isOpen ? "was opened anew meanwhile" : `is closed: ${whyOf(token)}`}.`,
    );
    this.shard = shard;
    this.token = token;
    refusals.inc({ shard });
  }
}

function whyOf(token: string): string {
  const isEmpty = token === "" || token.startsWith(" ");
  if (isEmpty) return "Redis is empty or was never opened, and is to be restored";
  if (token.endsWith(` ${LOST}`)) return "Redis has lost writes, and is to be restored";
  if (token.endsWith(` ${LOST_BESIDE}`))
    return "a store beside it has lost writes, and is to be restored";
  return "another Redis process answers than at its opening, and may lack writes";
}
