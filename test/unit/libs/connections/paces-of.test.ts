import { expect, it } from "vitest";
import { pacesOf } from "#libs/connections/paces-of.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

const connection: ConnectionSetting = {
  provider: "whatsapp-cloud",
  enabled: true,
  options: {},
  guid: "0".repeat(32),
  sealedCredentials: "",
};

function to(msisdn: string, sender = "ACME") {
  const recipient = { msisdn, country: null, channelUserIds: {} };
  return { accountId: "shop", channel: "whatsapp", sender, recipient };
}

function of(more: Partial<ConnectionSetting>, called = to("+6591234567")) {
  return pacesOf({ accountId: "shop", body: { ...connection, ...more } }, called);
}

it("are what the provider documents, unless the settings say another", () => {
  expect(of({})).toMatchObject([
    { intervalUs: 12_500, burstCount: 8, isOfAllChannels: true },
    { intervalUs: 6_000_000, burstCount: 45, isOfAllChannels: false },
  ]);
  const rates = { perSecond: 1_000, pairBurst: 1 };
  expect(of({ rates })).toMatchObject([
    { intervalUs: 1_000, burstCount: 100 },
    { intervalUs: 6_000_000, burstCount: 1 },
  ]);
  expect(of({ provider: "twilio" })).toEqual([]);
});

it("are those of the connection, the sender, and the sender with this person", () => {
  const rates = { perSecond: 10, senderPerSecond: 1, pairSeconds: 60 };
  const namesOf = (called: ReturnType<typeof to>) =>
    of({ provider: "twilio", rates }, called).map(({ name }) => name);
  const [own, sender, pair] = namesOf(to("+6591234567"));
  expect(namesOf(to("+6597654321")).map((name) => [own, sender, pair].includes(name))).toEqual([
    true,
    true,
    false,
  ]);
  expect(
    namesOf(to("+6591234567", "OTHER")).map((name) => [own, sender, pair].includes(name)),
  ).toEqual([true, false, false]);
  expect(pair).not.toContain("91234567");
});

it("have one of the account's own where accounts share a connection", () => {
  const rates = { perSecond: 10 };
  const body = { ...connection, provider: "twilio", rates };
  const pacesFor = (accountId: string) =>
    pacesOf({ accountId: "*", body }, { ...to("+6591234567"), accountId });
  const [[mine, all], [theirs, same]] = [pacesFor("shop"), pacesFor("bank")];
  expect(all).toEqual(same);
  expect(all).toMatchObject({ intervalUs: 100_000, isShared: true });
  expect(mine).toMatchObject({ intervalUs: 100_000, isShared: false });
  expect(new Set([mine!.name, theirs!.name, all!.name]).size).toBe(3);
});
