/** Its ids are UUIDs, which mean the same in capitals (RFC 9562, section 4). */
export function normalId(providerMessageId: string): string {
  return providerMessageId.toLowerCase();
}
