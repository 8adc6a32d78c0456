// API keys by what a client shows of them. A revoked one is none.
import { openSealed } from "#libs/webhooks/sealing.ts";
import type { AccessKey, ApiKey } from "./account.ts";
import { hashKey } from "./api-keys.ts";
import type { AnySetting } from "./setting.ts";

export type KeyIndex = {
  /** Settings of other kinds are none of its business. */
  put(setting: AnySetting): void;
  drop(setting: AnySetting): void;
  find(apiKey: string): ApiKey | undefined;
  /** By the id of one that signs. */
  findAccessKey(accessKeyId: string): AccessKey | undefined;
};

export function keyIndex(): KeyIndex {
  const keys = new Map<string, ApiKey>();
  const accessKeys = new Map<string, AccessKey>();
  return {
    put(setting) {
      const live = liveKey(setting);
      if (!live) return;
      keys.set(live.hash, live.key);
      if (live.accessKey) accessKeys.set(setting.name, live.accessKey);
    },
    drop({ kind, name, body }) {
      if (kind !== "api-key") return;
      keys.delete(body.hash);
      accessKeys.delete(name);
    },
    find: (apiKey) => keys.get(hashKey(apiKey)),
    findAccessKey: (accessKeyId) => accessKeys.get(accessKeyId),
  };
}

type LiveKey = { hash: string; key: ApiKey; accessKey?: AccessKey };

function liveKey(setting: AnySetting): LiveKey | undefined {
  if (setting.kind !== "api-key" || setting.body.revokedAt !== undefined) return undefined;
  const { accountId, name, body } = setting;
  const { hash, scopes, sealedSecret, publicKey } = body;
  const key = { accountId, name, scopes };
  if (sealedSecret === undefined && publicKey === undefined) return { hash, key };
  const openSecret: AccessKey["openSecret"] = (secretsKeys) =>
    sealedSecret === undefined ? undefined : openSealed(sealedSecret, { secretsKeys, accountId });
  return { hash, key, accessKey: { apiKey: key, openSecret, publicKey } };
}
