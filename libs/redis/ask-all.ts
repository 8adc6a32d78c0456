import type { Redis } from "ioredis";

/** What those of the nodes answer that are there. Rejects, as one of them does, where none is. */
export async function askAll<Answer>(
  nodes: readonly Redis[],
  ask: (node: Redis) => Promise<Answer>,
): Promise<Answer[]> {
  const settled = await Promise.allSettled(nodes.map(ask));
  const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const [first] = settled;
  if (answers.length === 0 && first?.status === "rejected") throw first.reason;
  return answers;
}
