// Whose receipts are taken, and what they are believed by.
import { isOver } from "#libs/connections/end-connection.ts";
import { openConnection } from "#libs/connections/open-connection.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Receipts } from "#libs/providers/provider.ts";
import { reportingOf, simulatedProviders } from "#libs/providers/providers.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { AnyConnection } from "#libs/settings/connection-index.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";

/** `provider`: what its metrics and dead letters name. */
export type ReceiptSource = { provider: string; receipts: Receipts };

export type ReceiptSources = {
  /** A simulated carrier. */
  simulated(name: string): ReceiptSource | undefined;
  /** The connection whose address ends with that; throws RetriableError while it cannot be opened. */
  connection(provider: string, key: string): ReceiptSource | undefined;
};

type Options = {
  receiptSecret: Buffer;
  secretsKeys: SecretsKeys;
  findConnection: (receiptKey: string) => AnyConnection | undefined;
};

/** Who may post receipts: the simulated carriers, and connections that are known now. */
export function receiptSources(options: Options): ReceiptSources {
  const { receiptSecret, secretsKeys, findConnection } = options;
  const simulated = new Map(
    simulatedProviders.map((each): [string, ReceiptSource] => [
      each.name,
      { provider: each.name, receipts: each.receipts(receiptSecret) },
    ]),
  );
  const opened = new WeakMap<ConnectionSetting, ReceiptSource>();
  return {
    simulated: (name) => simulated.get(name),
    connection(provider, key) {
      const found = findConnection(key);
      // One that is not enabled, or was deleted, sends nothing, and still hears of what it has sent.
      if (found?.body.provider !== provider || hasEnded(found)) return undefined;
      const { accountId, body } = found;
      const source = opened.get(body) ?? open(body, { secretsKeys, accountId });
      if (source) opened.set(body, source);
      return source;
    },
  };
}

function hasEnded({ kind, body }: AnyConnection): boolean {
  return kind === "ended-connection" && isOver(body, Date.now());
}

/** Undefined for a provider whose receipts come on its own line. */
function open(
  connection: ConnectionSetting,
  sealing: { secretsKeys: SecretsKeys; accountId: string },
): ReceiptSource | undefined {
  const access = openConnection(connection, sealing);
  if (!access) throw new RetriableError("No key of this deployment opens the connection.");
  const receipts = access.receipts?.(reportingOf(connection));
  return receipts && { provider: connection.provider, receipts };
}
