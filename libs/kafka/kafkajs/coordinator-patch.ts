// While no broker knows a group's coordinator, as on a cluster that has just started, kafkajs 2.2.4
// throws an error that it marks as lasting: the consumer ends for good. This marks it as passing, so
// that the consumer starts anew as it does after any other outage.
import { requireInternal } from "./kafkajs-internals.ts";

type Cluster = {
  findGroupCoordinatorMetadata: (this: Cluster, wanted: object) => Promise<object>;
};

/** Repairs kafkajs in this process. */
export function patchCoordinator(): void {
  const { prototype }: { prototype: Cluster } = requireInternal("cluster/index");
  const { findGroupCoordinatorMetadata: find } = prototype;
  prototype.findGroupCoordinatorMetadata = async function findOrWait(wanted) {
    try {
      return await find.call(this, wanted);
    } catch (error) {
      const isMissing = error instanceof Error && error.name === "KafkaJSGroupCoordinatorNotFound";
      throw isMissing ? Object.assign(error, { retriable: true }) : error;
    }
  };
}
