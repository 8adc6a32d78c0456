// What the simulated carriers speak over HTTP: the call, its answers, and their receipts.
import { type Static, Type } from "typebox";
import type { Channel } from "#libs/contracts/topics.ts";

/** The name under which a simulated carrier's reports appear. */
export function simulatedProvider(channel: Channel): string {
  return `simulated-${channel}`;
}

/** `POST /carriers/<channel>/messages`. */
export const CarrierCall = Type.Object({
  recipient: Type.String({ minLength: 1, maxLength: 64 }),
  sender: Type.Optional(Type.String({ maxLength: 64 })),
  text: Type.String({ maxLength: 100_000 }),
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
});

/** The body of a 4xx. */
export const CarrierRefusal = Type.Object({
  code: Type.String(),
  text: Type.String(),
  temporary: Type.Boolean(),
});
export type CarrierRefusal = Static<typeof CarrierRefusal>;

/** One receipt; `POST <bridge>/receipts/<channel>` takes one or an array. */
export const CarrierReceipt = Type.Object({
  /** The receipt's own id; a receipt that is posted again keeps it. */
  receiptId: Type.String({ minLength: 1, maxLength: 256 }),
  /** The providerMessageId of the acceptance. */
  id: Type.String({ minLength: 1, maxLength: 256 }),
  /** The caller's commandId, from carriers that echo it. */
  reference: Type.Optional(Type.String({ maxLength: 256 })),
  status: Type.String({ maxLength: 64 }),
  errorCode: Type.Optional(Type.String({ maxLength: 64 })),
  /** When it happened, epoch ms. */
  at: Type.Integer({ minimum: 0 }),
  /** SMS only: how many segments were sent. */
  segments: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type CarrierReceipt = Static<typeof CarrierReceipt>;
