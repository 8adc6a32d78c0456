// Whether what was stored in an epoch still stands, for whoever is about to tell the world of it.
import { RetriableError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { EpochGuard } from "#libs/flow-store/epoch-guard.ts";
import { read } from "#libs/flow-store/load.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";

/**
 * Shorter than from a loss of Redis until a restore knows where it reads the journal to: it has to notice, to look at
 * every shard, and to connect to Kafka.
 */
const RESTORE_MS_MIN = 250;

/** See `FlowStore.confirm`. */
export async function confirm(access: ShardAccess, epoch: Epoch): Promise<void> {
  const { guard } = access;
  const isOld = performance.now() - guard.heardAt(epoch) > RESTORE_MS_MIN;
  if (isOld) await read(access, epoch.shard, []);
  if (isOver(guard, epoch)) throw new ShardClosedError(epoch.shard, epoch.token);
}

/** While it is not known who answers nobody can have restored anything: that takes longer. */
function isOver({ isPast }: Pick<EpochGuard, "isPast">, epoch: Epoch): boolean {
  try {
    return isPast(epoch);
  } catch (error) {
    if (error instanceof RetriableError) return false;
    throw error;
  }
}
