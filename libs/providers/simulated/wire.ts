// What the simulated carriers speak over HTTP: the call, its answers, and their receipts.
import { type Static, Type } from "typebox";
import { ADDRESS_LENGTH_MAX, RICH_BYTES_MAX, SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import type { Channel } from "#libs/contracts/topics.ts";

/** The name under which a simulated carrier's reports appear. */
export function simulatedProvider(channel: Channel): string {
  return `simulated-${channel}`;
}

/** `POST /carriers/<channel>/messages`. */
export const CarrierCall = Type.Object({
  recipient: Type.String({ minLength: 1, maxLength: ADDRESS_LENGTH_MAX }),
  sender: Type.Optional(Type.String({ maxLength: 64 })),
  text: Type.String({ maxLength: RICH_BYTES_MAX }),
  /** SMS only: the alphabet; AUTO where it is not given. */
  encoding: Type.Optional(Type.Enum(["AUTO", "GSM", "UNICODE"])),
  /** The caller's reference, and the idempotency key where the carrier takes one. */
  commandId: Type.String({ minLength: 1, maxLength: 256 }),
  /** How long the caller's step waits, ms; lets a carrier be late on purpose. */
  waitMs: Type.Optional(Type.Integer({ minimum: 0 })),
  ttlSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type CarrierCall = Static<typeof CarrierCall>;

/** The body of a 200. */
export const CarrierAcceptance = Type.Object({
  providerMessageId: Type.String({ minLength: 1 }),
  /** Where a long SMS goes out in parts of which each has an id and receipts of its own. */
  partIds: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: SEGMENT_COUNT_MAX }),
  ),
});

/** The body of a 4xx. */
export const CarrierRefusal = Type.Object({
  code: Type.String(),
  text: Type.String(),
  temporary: Type.Boolean(),
});
export type CarrierRefusal = Static<typeof CarrierRefusal>;

/** A post of receipts is signed: `signTimed` of its body with the secret that both sides have. */
export const receiptHeaders = {
  signatureHeader: "x-receipt-signature",
  timestampHeader: "x-receipt-timestamp",
} as const;

/** Carriers' ids are below 100 bytes; with a provider's name before them they stay below ours. */
const CARRIER_ID_BYTES_MAX = 200;

/** An id can be neither mended nor cut. U+FFFD stands where bytes were that are no UTF-8. */
const Id = Type.Refine(
  Type.String({ minLength: 1 }),
  (id) =>
    id.isWellFormed() && !id.includes("\ufffd") && Buffer.byteLength(id) <= CARRIER_ID_BYTES_MAX,
  () => `must be well-formed Unicode of ${CARRIER_ID_BYTES_MAX} bytes at most`,
);

/** One receipt; `POST <bridge>/receipts/<provider>` takes one or an array. */
export const CarrierReceipt = Type.Object({
  /** The receipt's own id; a receipt that is posted again keeps it. */
  receiptId: Id,
  /** The providerMessageId of the acceptance. */
  id: Id,
  /** The caller's commandId, from carriers that echo it; anything else is none. */
  reference: Type.Optional(Type.Unknown()),
  status: Type.String(),
  /** Explains and decides nothing, so anything may stand here. */
  errorCode: Type.Optional(Type.Unknown()),
  /** When it happened, epoch ms. It explains as well, as what follows does. */
  at: Type.Optional(Type.Unknown()),
  /** SMS only: how many segments were sent. */
  segments: Type.Optional(Type.Unknown()),
});
export type CarrierReceipt = Static<typeof CarrierReceipt>;
