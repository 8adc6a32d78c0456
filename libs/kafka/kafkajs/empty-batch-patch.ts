// kafkajs 2.2.4 sends each partition of a fetch through the queue of its workers, also those of which it brought nothing,
// and each worker looks there every time. Those are left out here: only a heartbeat comes of them, and where none is left
// the member beats by itself.
import { requireInternal } from "./kafkajs-internals.ts";

type Batch = { readonly rawMessages: readonly unknown[] };
type ConsumerGroup = { fetch: (this: ConsumerGroup, nodeId: number) => Promise<Batch[]> };

/** Repairs kafkajs in this process. */
export function patchEmptyBatches(): void {
  const { prototype }: { prototype: ConsumerGroup } = requireInternal("consumer/consumerGroup");
  const { fetch } = prototype;
  prototype.fetch = async function fetchSome(nodeId) {
    const batches = await fetch.call(this, nodeId);
    // One of markers alone has them here, and has to be passed.
    return batches.filter(({ rawMessages }) => rawMessages.length > 0);
  };
}
