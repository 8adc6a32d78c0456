import type { Reporting } from "./provider.ts";

/** Where a provider that is told an address posts what becomes of a connection's messages. */
export function callbackUrl(
  { bridgeUrl }: { bridgeUrl: string },
  { receiptsPath }: Pick<Reporting, "receiptsPath">,
): string {
  return `${bridgeUrl}${receiptsPath}`;
}
