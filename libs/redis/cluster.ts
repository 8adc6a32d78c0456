// The masters of a Redis Cluster, one connection to each, and which slots each has. Nothing here follows a MOVED: what
// is asked may name the process that it is for, and would then be answered by another. The caller is told of a fault
// that passes, the slots are looked up anew, and its next call goes to whoever has the key by then.
import type { Redis } from "ioredis";
import { ConfigError } from "#libs/config/read-env.ts";
import { SLOT_COUNT, slotOf } from "#libs/redis/key-slot.ts";
import { lookWhileDue } from "#libs/redis/look-while-due.ts";
import { type Opening, openNode, type RedisNode } from "#libs/redis/node.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { readSlots, type SlotRange } from "#libs/redis/slot-ranges.ts";

/** What a node says that does not have a slot, or will not have it soon. */
const ELSEWHERE = /^(?:MOVED|ASK|CLUSTERDOWN)\b/;

export type Cluster = Disposable & {
  /** Who has a key; where nobody is known to have it, the node of the beginning, which refuses it. */
  nodeOf(key: string): RedisNode;
  masters(): readonly Redis[];
  /** What the node of the beginning replies, which is not always a master. */
  hear(error: Error): void;
};

/**
 * Connects to the masters that `first` names, by the same user, password and TLS, and follows what becomes of them until it
 * is disposed. Throws as a node's `untilReady` does.
 */
export async function joinCluster(
  first: RedisNode,
  url: string,
  opening: Opening,
): Promise<Cluster> {
  const known = new Map<string, RedisNode>();
  const owners = Array.from<RedisNode | undefined>({ length: SLOT_COUNT });
  const onError = ({ message }: Error) => {
    if (ELSEWHERE.test(message)) looking.soon();
  };
  const looking = lookWhileDue(learn, () => {
    return [...known.values()].every(isReady) && !owners.includes(undefined);
  });
  let turn = 0;
  let isOver = false;

  /** Nodes are asked in turn: one that is cut off from the others may not know better for long. */
  async function learn(): Promise<void> {
    const asked = [first, ...known.values()].filter(isReady);
    const { client } = asked[turn++ % asked.length] ?? first;
    const reply = await redisReply(client.cluster("SLOTS"));
    if (!isOver) note(readSlots(reply, String(client.options.host)));
  }

  function note(ranges: readonly SlotRange[]): void {
    const addresses = new Set(ranges.map(({ address }) => address));
    for (const address of addresses) if (!known.has(address)) known.set(address, open(address));
    owners.fill(undefined);
    for (const { from, to, address } of ranges) owners.fill(known.get(address), from, to + 1);
    for (const [address, node] of known) {
      if (addresses.has(address)) continue;
      known.delete(address);
      node[Symbol.dispose]();
    }
  }

  function open(address: string): RedisNode {
    const { protocol } = new URL(url);
    const node = openNode(`${protocol}//${address}`, { ...opening, onError });
    node.client.on("close", () => looking.soon());
    node.untilReady().catch((error: unknown) => {
      if (error instanceof ConfigError) opening.log.error({ address }, error.message);
    });
    return node;
  }

  const closeAll = () => {
    isOver = true;
    looking[Symbol.dispose]();
    for (const node of known.values()) node[Symbol.dispose]();
  };
  try {
    await learn();
    await Promise.all([...known.values()].map((node) => node.untilReady()));
    if (owners.includes(undefined)) looking.soon();
  } catch (error) {
    closeAll();
    throw error;
  }
  return {
    nodeOf: (key) => owners[slotOf(key)] ?? first,
    masters: () => [...known.values()].map(({ client }) => client),
    hear: onError,
    [Symbol.dispose]: closeAll,
  };
}

function isReady({ client }: RedisNode): boolean {
  return client.status === "ready";
}
