import type { Dispatcher } from "undici";

/** No answer that matters is longer; more than this closes the socket. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** The answer, of a long one only its beginning. Reading it to the end frees its socket. */
export async function readShort(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      byteCount += bytes.length;
      if (byteCount > ANSWER_BYTES_MAX) break;
    }
  } catch {
    // Its status has come: what becomes of the rest changes nothing.
  }
  return Buffer.concat(chunks).toString();
}
