import { randomBytes } from "node:crypto";
import { expect, it, onTestFinished, vi } from "vitest";
import { endConnection } from "#libs/connections/end-connection.ts";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { unmetNeeds } from "#libs/settings/references.ts";
import { withBody } from "#libs/settings/setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import { receiptSources } from "#services/receipt-bridge/receipt-sources.ts";
import { cloudCredentials, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";

const DELETED_AT = Date.UTC(2026, 10, 28);
const HOUR_MS = 3_600_000;
const secretsKeys = [randomBytes(32)] as const;
const change = { accountId: "demo", revision: 2, changedAt: DELETED_AT, changedBy: "test" };

function connection() {
  const options = { phoneNumberId: PHONE_NUMBER_ID };
  const given = { provider: "whatsapp-cloud", enabled: true, options };
  const sealing = { secretsKeys, accountId: "demo" };
  return nextConnection({ ...given, credentials: cloudCredentials }, undefined, sealing);
}

it("is heard of for as long as its messages' ids are known, under its own address", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const [deleted, again] = [connection(), connection()];
  const store = settingsStore();
  const place = { kind: "connection", name: "meta" } as const;
  store.put(withBody({ ...change, ...place }, deleted));
  store.put(endConnection(deleted, change));
  store.drop("demo/connection/meta");
  // Another one of its name, with an address of its own.
  store.put(withBody({ ...change, ...place }, again));
  const findConnection = (receiptKey: string) => store.findConnection(receiptKey);
  const sources = receiptSources({ receiptSecret: randomBytes(32), secretsKeys, findConnection });
  const isHeard = ({ receiptKey }: { receiptKey?: string }) =>
    sources.connection("whatsapp-cloud", receiptKey ?? "") !== undefined;
  vi.setSystemTime(DELETED_AT + 71 * HOUR_MS);
  expect([deleted, again].map(isHeard)).toEqual([true, true]);
  vi.setSystemTime(DELETED_AT + 73 * HOUR_MS);
  expect([deleted, again].map(isHeard)).toEqual([false, true]);
});

it("stands in nobody's way, not even in that of its account's deletion", () => {
  expect(unmetNeeds([endConnection(connection(), change)])).toEqual([]);
});

it("is no other provider's one day: what it has sent would be heard of no more", () => {
  const sealing = { secretsKeys, accountId: "demo" };
  const given = { provider: "twilio", enabled: true, options: {} };
  expect(() => nextConnection(given, connection(), sealing)).toThrow("make another connection");
});
