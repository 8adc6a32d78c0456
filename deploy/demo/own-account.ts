// An account of the demonstration's own, made from a settings file, with a key that lives as long as it plays.
import { readFile } from "node:fs/promises";
import { Type } from "typebox";
import { type ApiClient, createApiClient } from "#deploy/terminal/api-client.ts";
import { Fault } from "#deploy/terminal/faults.ts";
import { applyChanges } from "#deploy/terminal/settings/apply-changes.ts";
import { diffSettings } from "#deploy/terminal/settings/diff-settings.ts";
import { loadSettings } from "#deploy/terminal/settings/load-settings.ts";
import { parseSettingsFile } from "#deploy/terminal/settings/parse-file.ts";
import { planChanges } from "#deploy/terminal/settings/plan-changes.ts";
import type { Product, Sender } from "./product-client.ts";

const Key = Type.Object({ id: Type.String(), key: Type.String(), accessKeySecret: Type.String() });
const Nothing = Type.Object({});
/** What the API says of a key that is not enough. */
const KEY_CODES = ["unauthorized", "forbidden"];

export type OwnAccount = AsyncDisposable &
  Sender & {
    /** The key that clients sign with, in place of showing one. */
    accessKey: { id: string; secret: string };
  };

/** In `settings` RECEIVER stands for `receiverUrl`. */
type Wanted = { product: Product; adminKey: string; settings: URL; receiverUrl?: string };

/** Its key is good until it is disposed of; the account stays. Throws Fault where the API refuses. */
export async function openOwnAccount(wanted: Wanted): Promise<OwnAccount> {
  const { product, adminKey } = wanted;
  const api = createApiClient({ url: product.api, key: adminKey, isForPrint: false });
  const accountId = await makeAccount(api, wanted);
  const keys = `/accounts/${accountId}/api-keys`;
  const body = { scopes: ["send", "read"], label: "demonstration", accessKey: true };
  const made = await api.call(Key, { method: "POST", path: keys, body });
  return {
    accountId,
    product: { ...product, apiKey: made.key },
    accessKey: { id: made.id, secret: made.accessKeySecret },
    async [Symbol.asyncDispose]() {
      await api.call(Nothing, { method: "POST", path: `${keys}/${made.id}/revoke` });
    },
  };
}

/** Whether the API refused because the key may not make accounts. */
export function isForLackOfKey(error: unknown): error is Fault {
  return error instanceof Fault && KEY_CODES.includes(error.code);
}

/** As `fallthrough settings apply` would. */
async function makeAccount(
  api: ApiClient,
  { settings, receiverUrl = "" }: Wanted,
): Promise<string> {
  const text = (await readFile(settings, "utf8")).replaceAll("RECEIVER", receiverUrl);
  const wanted = parseSettingsFile(text, "settings.yaml");
  const { accountId } = wanted;
  const changes = diffSettings(wanted, await loadSettings(api, accountId), { prune: false });
  await applyChanges(planChanges(changes), { api, accountId, onDone: () => undefined });
  return accountId;
}
