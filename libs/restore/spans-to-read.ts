// Which stretches of the journal a restore reads.
import type { Span, SpanReader } from "#libs/kafka/span-reader.ts";
import type { ShardPlan } from "./plan-restore.ts";

/** Of a shard whose end alone is lost its own partition is read; else all are, whatever shards there were. */
export async function spansOf(plans: readonly ShardPlan[], reader: SpanReader): Promise<Span[]> {
  const whole = plans.find(({ kind }) => kind === "whole");
  if (whole) return reader.spansSince(whole.sinceMs);
  const spans = plans.map(({ shard, sinceMs }) => reader.spansSince(sinceMs, [shard]));
  return (await Promise.all(spans)).flat();
}

/**
 * What of `since` was read before. What came behind that is of a writer that was cut off: nobody has restored it, so
 * it is decided again, maybe in another way, and told then.
 */
export function readBefore(read: readonly Span[], since: readonly Span[]): Span[] {
  const ends = new Map(read.map(({ partition, end }) => [partition, end]));
  return since.map((span) => ({ ...span, end: Math.min(span.end, ends.get(span.partition) ?? 0) }));
}
