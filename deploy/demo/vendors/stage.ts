// What the vendors' clients need to play: an account of theirs, a key that also signs, and a receiver.
import { readFile } from "node:fs/promises";
import { Type } from "typebox";
import { type ApiClient, createApiClient } from "#deploy/terminal/api-client.ts";
import { applyChanges } from "#deploy/terminal/settings/apply-changes.ts";
import { diffSettings } from "#deploy/terminal/settings/diff-settings.ts";
import { loadSettings } from "#deploy/terminal/settings/load-settings.ts";
import { parseSettingsFile } from "#deploy/terminal/settings/parse-file.ts";
import { planChanges } from "#deploy/terminal/settings/plan-changes.ts";
import type { Product } from "../product-client.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const SETTINGS = new URL("settings.yaml", import.meta.url);

const Key = Type.Object({ id: Type.String(), key: Type.String(), accessKeySecret: Type.String() });
const Nothing = Type.Object({});

export type Stage = AsyncDisposable & {
  accountId: string;
  /** With the account's own key, under which clients show or sign. */
  product: Product;
  accessKey: { id: string; secret: string };
  receiver: Receiver;
};

/** Its key is good until it is disposed of; the account stays. Throws Fault where the API refuses. */
export async function setStage(product: Product, adminKey: string): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const receiver = opened.use(await startReceiver());
  const api = createApiClient({ url: product.api, key: adminKey, isForPrint: false });
  const accountId = await makeAccount(api, receiver.url);
  const keys = `/accounts/${accountId}/api-keys`;
  const body = { scopes: ["send", "read"], label: "demonstration", accessKey: true };
  const made = await api.call(Key, { method: "POST", path: keys, body });
  opened.defer(async () => {
    await api.call(Nothing, { method: "POST", path: `${keys}/${made.id}/revoke` });
  });
  const owned = opened.move();
  return {
    accountId,
    product: { ...product, apiKey: made.key },
    accessKey: { id: made.id, secret: made.accessKeySecret },
    receiver,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** As `fallthrough settings apply` would. */
async function makeAccount(api: ApiClient, receiverUrl: string): Promise<string> {
  const text = (await readFile(SETTINGS, "utf8")).replaceAll("RECEIVER", receiverUrl);
  const wanted = parseSettingsFile(text, "settings.yaml");
  const { accountId } = wanted;
  const changes = diffSettings(wanted, await loadSettings(api, accountId), { prune: false });
  await applyChanges(planChanges(changes), { api, accountId, onDone: () => undefined });
  return accountId;
}
