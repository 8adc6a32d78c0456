import { expect, it } from "vitest";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { ALL_ACCOUNTS, withBody } from "#libs/settings/setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";

const stamp = { revision: 1, changedAt: 1, changedBy: "test" };

function connection(accountId: string, name: string, more: Partial<ConnectionSetting> = {}) {
  const guid = name.padEnd(32, "0");
  const body = { provider: "twilio", enabled: true, options: {}, guid, sealedCredentials: "" };
  return withBody({ accountId, kind: "connection", name, ...stamp }, { ...body, ...more });
}

function storeWith(...settings: ReturnType<typeof connection>[]) {
  const store = settingsStore();
  for (const each of settings) store.put(each);
  return {
    ...store,
    usableBy: (accountId: string) =>
      store.connectionsOf(accountId).map((each) => `${each.accountId}/${each.name}`),
  };
}

it("are the account's own, and those of the operator that are for it", () => {
  const store = storeWith(
    connection("acme", "a1"),
    connection("other", "b2"),
    connection(ALL_ACCOUNTS, "c3"),
    connection(ALL_ACCOUNTS, "d4", { accounts: ["acme"] }),
    connection(ALL_ACCOUNTS, "e5", { accounts: [] }),
  );
  expect(store.usableBy("acme")).toEqual(["acme/a1", "*/c3", "*/d4"]);
  expect(store.usableBy("other")).toEqual(["other/b2", "*/c3"]);
  expect(store.usableBy("nobody")).toEqual(["*/c3"]);
});

it("follow what the operator says next", () => {
  const store = storeWith(connection("acme", "a1"), connection(ALL_ACCOUNTS, "c3"));
  expect(store.usableBy("acme")).toEqual(["acme/a1", "*/c3"]);
  store.put(connection(ALL_ACCOUNTS, "c3", { accounts: ["other"] }));
  expect(store.usableBy("acme")).toEqual(["acme/a1"]);
  store.drop("*/connection/c3");
  expect(store.usableBy("other")).toEqual([]);
});

it("are found by what their receipts' address ends with, which no attempt shows", () => {
  const receiptKey = "f".repeat(32);
  const store = storeWith(connection("acme", "a1", { receiptKey }), connection("acme", "b2"));
  expect(store.findConnection(receiptKey)?.name).toBe("a1");
  expect(store.findConnection("a1".padEnd(32, "0"))).toBeUndefined();
  // One of before has no key.
  expect(store.findConnection("b2".padEnd(32, "0"))?.name).toBe("b2");
});
