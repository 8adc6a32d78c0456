/** Where a provider that is told an address posts what becomes of a connection's messages. */
export function callbackUrl({ bridgeUrl }: { bridgeUrl: string }, provider: string): string {
  return `${bridgeUrl}/receipts/${provider.replace(".", "/")}`;
}
