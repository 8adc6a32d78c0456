import { expect, it } from "vitest";
import { readSetting } from "#libs/settings/read-setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";

const stamp = { revision: 1, changedAt: 0, changedBy: "a newer version" };

function read(kind: string, name: string, body: unknown) {
  const record = { accountId: "acme", kind, name, ...stamp, body: JSON.stringify(body) };
  return readSetting(`acme/${kind}/${name}`, { value: record, faults: [] });
}

it("stands for its channels and senders while this version cannot read it", () => {
  const newer = {
    provider: "whatsapp-cloud",
    channels: ["whatsapp", "telepathy"],
    senders: ["ACME"],
    enabled: "at night",
    guid: "a".repeat(32),
    sealedCredentials: "sealed",
  };
  const { setting, fault } = read("connection", "meta", newer);
  expect(fault).toContain("connection");
  expect(setting?.body).toMatchObject({ ...newer, enabled: true });
  expect(read("connection", "meta", "no object").setting?.body).toMatchObject({ enabled: true });
  expect(read("channel", "sms", "no object").setting).toBeUndefined();
});

it("is found though the account's own setting cannot be read", () => {
  const store = settingsStore();
  const body = { provider: "newer", options: {}, guid: "a".repeat(32), sealedCredentials: "" };
  store.put(read("connection", "meta", body).setting!);
  expect(store.findAccount("acme")).toBeUndefined();
  expect(store.connectionsOf("acme").map(({ name }) => name)).toEqual(["meta"]);
  expect(store.connectionsOf("nobody")).toEqual([]);
});
