// A reader by @platformatic/kafka's connections and requests. Its own consumer is not used: DECISIONS says why.
import type { Base } from "@platformatic/kafka";
import { createBell } from "#libs/bell.ts";
import { REBALANCE_TIMEOUT_MS } from "../group-pace.ts";
import type { Place, Reader, ReaderOptions } from "../reader.ts";
import { groupOf } from "./group.ts";
import { live, type Member, type State } from "./live.ts";
import { closeClient, platformaticBase } from "./platformatic-client.ts";
import { toConnectFault, toReadFault } from "./platformatic-faults.ts";

/** A group that is dealt out waits for its slowest member. */
const JOIN_LIMIT_MS = REBALANCE_TIMEOUT_MS + 10_000;

/** Connects. Throws RetriableError when Kafka is away, or does not know a topic yet; ConfigError where it refuses us. */
export async function openPlatformaticReader(options: ReaderOptions): Promise<Reader> {
  await using opened = new AsyncDisposableStack();
  const { kafka, groupId, topics } = options;
  const faults: Error[] = [];
  let onFault: (error: Error) => void = (error) => faults.push(error);
  const open = (limitMs?: number) => {
    const client = platformaticBase(kafka, (error) => onFault(error), limitMs);
    opened.defer(() => closeClient(client));
    return client;
  };
  const [client, fetching, joining] = [open(), open(), open(JOIN_LIMIT_MS)];
  await checkKnown(client, topics, faults);
  onFault = (error) => kafka.log.warn({ err: error, groupId }, "a connection to Kafka failed");
  const group = groupOf({ groupId, topics, client, joining });
  const state: State = { parts: [], partitions: {}, isConsuming: false };
  const closing = new AbortController();
  const shared = { options, group, client, fetching, state, closing: closing.signal };
  const resources = opened.move();
  const bell = createBell();
  return toReader({ ...shared, bell }, async (living) => {
    closing.abort();
    bell.ring();
    await closeClient(joining);
    await living;
    await group.leave().catch(() => undefined);
    await resources.disposeAsync();
  });
}

function toReader(
  member: Omit<Member, "handle">,
  end: (living: Promise<void>) => Promise<void>,
): Reader {
  const { state, bell } = member;
  let living = Promise.resolve();
  return {
    isConsuming: () => state.isConsuming,
    partitions: () => state.partitions,
    seek({ offset, ...place }) {
      const part = state.parts.find((each) => isSame(each, place));
      if (!part) return;
      part.next = Number(offset);
      part.seekCount += 1;
      bell.ring();
    },
    async run(handle) {
      const joined = Promise.withResolvers<void>();
      living = live({ ...member, handle }, joined.resolve);
      await joined.promise;
    },
    [Symbol.asyncDispose]: () => end(living),
  };
}

async function checkKnown(client: Base, topics: readonly string[], faults: Error[]): Promise<void> {
  try {
    await client.metadata({ topics: [] });
  } catch (error) {
    // Whoever waits for a reply is told of the end of the connection, and not of its reason.
    throw toConnectFault([error, ...faults]);
  }
  try {
    await client.metadata({ topics: [...topics] });
  } catch (error) {
    throw toReadFault(error, `let ${topics.join(", ")} be consumed`);
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.topic === other.topic && one.partition === other.partition;
}
