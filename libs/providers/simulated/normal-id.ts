/** Its ids are UUIDs, which mean the same in capitals (RFC 9562, section 4). */
export function normalId(providerMessageId: string): string {
  // Letters beyond ASCII are in no UUID, and may grow in small letters.
  return providerMessageId.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
