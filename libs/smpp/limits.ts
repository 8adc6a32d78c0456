// What a peer may cost us at most, each with its reason.

/** A PDU's header: its length, its command, its status, its number. */
export const HEADER_BYTES = 16;
/** The largest PDU has a `message_payload` of 64 KiB; nobody sends a text as long as that. */
export const PDU_BYTES_MAX = 64 * 1024;
/** A PDU is some hundred bytes: one that takes longer has a peer that hangs, or one that attacks (Jasmin's limit). */
export const PDU_MS_MAX = 10_000;
/** SMPP 3.4, 5.1.4: numbers go from 1 to this, and begin again. */
export const SEQUENCE_MAX = 0x7fff_ffff;
/** Receipts that are in hand at a time, some 200 KiB; of more the peer hears to come again. */
export const DELIVERIES_IN_HAND_MAX = 1_000;
/** What a peer has not read yet: one that asks without end, and reads no answers, costs no more than that. */
export const UNREAD_BYTES_MAX = 1024 * 1024;
