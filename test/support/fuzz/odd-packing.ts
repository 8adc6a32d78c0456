// How records become batches, by any codec, and batches that are damaged or become far more than they
// are. Their checksums fit, except where just that is the damage: a broker takes most of the rest.
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { type CodecName, foreignCodecs } from "#test/support/foreign-codecs.ts";
import { type RawRecord, rawBatch, withChecksum } from "#test/support/record-batch.ts";
import { labelled } from "./levels.ts";
import { withChanges } from "./odd-bytes.ts";

/** A record whose batch is damaged lies in a batch of its own. */
export type Packing = { codec: CodecName; damage: Damage | null };

type Pack = { records: readonly RawRecord[]; codec: CodecName };

const HEADER_BYTES = 61;
/** More than a batch may become. */
const BOMB_BYTES = 40 * 1024 * 1024;
const CONTROL = 0x20;
const TRANSACTIONAL = 0x10;
const UNKNOWN_CODEC = 5;

const bombs = {
  gzip: bomb(foreignCodecs.gzip.number, gzipSync),
  zstd: bomb(foreignCodecs.zstd.number, zstdCompressSync),
};

const damages = {
  bytes: (pack: Pack) => withContent(packed(pack), (content) => withChanges(content, FLIPS)),
  cut: (pack: Pack) => withContent(packed(pack), (content) => content.subarray(0, -3)),
  checksum: (pack: Pack) => withChanges(packed(pack), [[HEADER_BYTES + 1, 0x5a]]),
  tooMany: ({ records, codec }: Pack) => packed({ records, codec }, { recordCount: 2_000_000 }),
  tooFew: ({ records, codec }: Pack) => packed({ records, codec }, { recordCount: 0 }),
  deltas: ({ records, codec }: Pack) => packed({ records, codec }, { lastOffsetDelta: 7 }),
  control: (pack: Pack) => withAttributes(packed(pack), CONTROL),
  transactional: (pack: Pack) => withAttributes(packed(pack), TRANSACTIONAL),
  noSuchCodec: (pack: Pack) => withAttributes(packed(pack), UNKNOWN_CODEC),
  gzipBomb: () => bombs.gzip(),
  zstdBomb: () => bombs.zstd(),
} as const satisfies Record<string, (pack: Pack) => Buffer>;
type Damage = keyof typeof damages;

const FLIPS = [
  [3, 0xff],
  [11, 0x5a],
  [29, 0x00],
] as const;

const codecs: CodecName[] = ["none", "gzip", "snappy", "lz4", "zstd"];
const damageNames = Object.keys(damages) as Damage[];

/** One batch in fifty is damaged, in one of all ways. */
export const oddPacking = fc
  .record({
    codec: fc.constantFrom(...codecs),
    damage: fc.oneof({ weight: 49, arbitrary: fc.constant(null) }, fc.constantFrom(...damageNames)),
  })
  .map((packing) => labelled(packing, `compression/${packing.damage ?? packing.codec}`));

/** The batch that goes over the wire. */
export function toBatch(records: readonly RawRecord[], { codec, damage }: Packing): Buffer {
  return damage === null ? packed({ records, codec }) : damages[damage]({ records, codec });
}

type Lies = { recordCount?: number; lastOffsetDelta?: number };

function packed({ records, codec }: Pack, lies: Lies = {}): Buffer {
  const { number, compress } = foreignCodecs[codec];
  return rawBatch({ records, attributes: number, compress, ...lies });
}

function withContent(batch: Buffer, change: (content: Buffer) => Buffer): Buffer {
  const content = change(batch.subarray(HEADER_BYTES));
  const changed = Buffer.concat([batch.subarray(0, HEADER_BYTES), content]);
  changed.writeInt32BE(changed.length - 12, 8);
  return withChecksum(changed);
}

function withAttributes(batch: Buffer, more: number): Buffer {
  const copy = Buffer.from(batch);
  copy.writeInt16BE(copy.readInt16BE(21) | more, 21);
  return withChecksum(copy);
}

/** Made once: it takes a while. */
function bomb(attributes: number, compress: (content: Buffer) => Buffer): () => Buffer {
  let made: Buffer | undefined;
  return () => {
    made ??= rawBatch({ records: [{ value: Buffer.alloc(BOMB_BYTES) }], attributes, compress });
    return made;
  };
}
