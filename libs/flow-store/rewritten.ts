import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";

export const rewrittenScript = shardScript("rewritten");

/** See `FlowStore.rewrittenAt`. */
export async function rewrittenAt(
  { guard }: ShardAccess,
  shard: number,
): Promise<{ epoch: Epoch; atMs: number }> {
  const keys = [shardKeys(shard).rewritten];
  const reply = await guard.call({ shard }, rewrittenScript, { keys, args: [""] });
  const [token, at] = toList(reply);
  return { epoch: { shard, token: toText(token) }, atMs: toNumber(at) };
}

/** See `FlowStore.noteRewritten`. */
export async function noteRewritten(
  { guard }: ShardAccess,
  epoch: Epoch,
  atMs: number,
): Promise<void> {
  const keys = [shardKeys(epoch.shard).rewritten];
  await guard.call(epoch, rewrittenScript, { keys, args: [String(atMs)] });
}
