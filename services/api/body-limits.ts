/** The largest request of the dialects is a text of 35,000 characters, four bytes each. */
export const BODY_BYTES_MAX = 256 * 1024;
/** A batch of 10,000 messages has 1.6 KiB for each. */
export const BATCH_BYTES_MAX = 16 * 1024 * 1024;
