// A fetch that leaves the records as they are stored: @platformatic/kafka's own decompresses them without a limit, and
// looks at no checksum. `read-batches.ts` reads them.
import {
  type Base,
  type Broker,
  type Reader as BytesReader,
  createAPI,
  fetchV11,
  ProtocolError,
} from "@platformatic/kafka";
import { PARTITION_BYTES_MAX } from "../group-pace.ts";
import type { Place } from "../reader.ts";
import type { Aborted } from "../without-aborted.ts";

/** The newest that names topics in clear and has no optional fields; kafkajs speaks it, too. */
const VERSION = 11;
const FETCH = 1;
const READ_COMMITTED = 1;
/** As kafkajs has it. */
const ANSWER_BYTES_MAX = 10 * 1024 * 1024;
const NO_SESSION = 0;
const FULL_FETCH = -1;
const NO_EPOCH = -1;

export type Fetched = Place & { errorCode: number; aborted: Aborted[]; bytes: Buffer };
export type Wanted = Place & { from: number };
/** Where there is less, an answer waits for `ms`. */
export type Patience = { ms: number; bytesMin: number };

type FetchRequest = Parameters<typeof fetchV11.createRequest>;

const request = createAPI<FetchRequest, Fetched[]>(
  FETCH,
  VERSION,
  fetchV11.createRequest,
  (_id, _key, _version, reader) => readAnswer(reader),
  false,
  false,
);

/** Asks a broker for what lies in partitions from an offset on. */
export async function fetchFrom(
  { client, broker }: { client: Base; broker: Broker },
  wanted: readonly Wanted[],
  patience: Patience,
): Promise<Fetched[]> {
  const connection = await client.connections.get(broker);
  const { ms, bytesMin } = patience;
  const limits = [ms, bytesMin, ANSWER_BYTES_MAX, READ_COMMITTED] as const;
  return request.async(connection, ...limits, NO_SESSION, FULL_FETCH, toTopics(wanted), [], "");
}

/** In their order: where the limit is reached, the last ones come next time. */
function toTopics(wanted: readonly Wanted[]): FetchRequest[6] {
  return wanted.map(({ topic, partition, from }) => {
    const place = { partition, fetchOffset: BigInt(from), partitionMaxBytes: PARTITION_BYTES_MAX };
    const partitions = [{ ...place, currentLeaderEpoch: NO_EPOCH, lastFetchedEpoch: NO_EPOCH }];
    return { topicId: topic, partitions };
  });
}

function readAnswer(reader: BytesReader): Fetched[] {
  reader.skip(4); // how long it is throttled, ms
  const errorCode = reader.readInt16();
  if (errorCode !== 0) throw new ProtocolError(errorCode);
  reader.skip(4); // the session
  const topics = reader.readArray(
    () => {
      const topic = reader.readString(false);
      return reader.readArray(() => ({ topic, ...readPartition(reader) }), false, false);
    },
    false,
    false,
  );
  return topics.flat();
}

function readPartition(reader: BytesReader) {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  reader.skip(3 * 8); // the high watermark, the last stable offset, where the log starts
  const aborted = reader.readArray(() => readAborted(reader), false, false);
  reader.skip(4); // the replica that would rather be read
  return { partition, errorCode, aborted, bytes: reader.readBytes(false) };
}

function readAborted(reader: BytesReader): Aborted {
  return { producerId: String(reader.readInt64()), first: Number(reader.readInt64()) };
}
