// After a crash that may pass, kafkajs 2.2.4 starts its consumer anew as another member. The group
// then waits until the former one has timed out, 10 s during which nobody reads its partitions.
// This lets the consumer come back as the member that it was.
import { requireInternal } from "./kafkajs-internals.ts";

type ConsumerGroup = {
  /** One for the whole life of a consumer, over all its crashes. */
  readonly cluster: object;
  memberId: string | null;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
  leave: (this: ConsumerGroup) => Promise<void>;
};

/** Repairs kafkajs in this process. */
export function patchMemberId(): void {
  const { prototype }: { prototype: ConsumerGroup } = requireInternal("consumer/consumerGroup");
  const { joinAndSync, leave } = prototype;
  const memberIds = new WeakMap<object, string>();

  prototype.joinAndSync = async function join() {
    // Kafka forgets members too; kafkajs then joins as a new one.
    this.memberId ??= memberIds.get(this.cluster) ?? null;
    await joinAndSync.call(this);
    if (this.memberId !== null) memberIds.set(this.cluster, this.memberId);
  };
  prototype.leave = async function leaveAndForget() {
    await leave.call(this);
    memberIds.delete(this.cluster);
  };
}
