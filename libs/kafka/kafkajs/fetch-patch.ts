// kafkajs 2.2.4 decodes fetched batches without a limit or a doubt: a small one can become gigabytes,
// and one that cannot be read ends the consumer, again at each start. It takes time that grows with
// the square of a record's headers, too. This puts `readBatches` in that place.

import { readBatches } from "../read-batches.ts";
import { replaceInternal } from "./kafkajs-internals.ts";

type Decoder = { readBytes(): Buffer | null };

/** Repairs kafkajs in this process. */
export function patchFetch(): void {
  replaceInternal("protocol/requests/fetch/v4/decodeMessages", async (decoder: Decoder) => {
    return readBatches(decoder.readBytes() ?? Buffer.alloc(0));
  });
}
