import { expect, it } from "vitest";
import { orderConnections, type Routes } from "#libs/connections/order-connections.ts";
import type { ConnectionOrder } from "#libs/settings/bodies/channel.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { ALL_ACCOUNTS, type SettingOf } from "#libs/settings/setting.ts";

const connection: ConnectionSetting = {
  provider: "whatsapp-cloud",
  enabled: true,
  options: {},
  guid: "0".repeat(32),
  sealedCredentials: "",
};

type Setting = SettingOf<"connection">;

function setting(name: string, given: Partial<ConnectionSetting>, accountId = "demo"): Setting {
  const body = { ...connection, ...given };
  return { accountId, kind: "connection", name, revision: 1, changedAt: 1, changedBy: "t", body };
}

function order(
  step: { channel: string; sender: string | null },
  ...all: Partial<ConnectionSetting>[]
) {
  const named = all.map((each, index) => setting(`c${index}`, each));
  const asked = { messageId: "m", recipient: to("+6591234567"), ...step };
  return orderConnections(named.toReversed(), asked);
}

function namesOf({ routes }: Routes): string[] {
  return routes.map(({ name }) => name);
}

/** The first one that is asked. */
function chosen(...given: Parameters<typeof order>): string | undefined {
  return namesOf(order(...given))[0];
}

function to(msisdn: string | null, country: string | null = null) {
  return { msisdn, country, channelUserIds: { whatsapp: "US.1349" } };
}

const step = { channel: "whatsapp", sender: "ACME" };

it("takes the first by name that is enabled and carries the channel", () => {
  expect(chosen(step, {}, {})).toBe("c0");
  expect(chosen(step, { enabled: false }, {})).toBe("c1");
  expect(chosen({ ...step, channel: "sms" }, {})).toBeUndefined();
  expect(chosen(step)).toBeUndefined();
});

it("takes one whose provider only a newer version knows for the channels that it says", () => {
  const newer = { provider: "one-that-a-newer-version-has", channels: ["whatsapp", "telepathy"] };
  expect(chosen(step, newer, {})).toBe("c0");
  expect(chosen({ ...step, channel: "sms" }, newer)).toBeUndefined();
  // It was put by a version that kept no channels: nobody can tell.
  expect(chosen({ ...step, channel: "sms" }, { provider: newer.provider })).toBe("c0");
});

it("takes none for a channel that it was not put for", () => {
  const twilio = { provider: "twilio", channels: ["sms"] };
  expect(chosen(step, twilio, {})).toBe("c1");
  expect(chosen({ ...step, channel: "sms" }, twilio)).toBe("c0");
});

it("takes one that names senders for steps with one of them only", () => {
  expect(chosen(step, { senders: ["OTHER"] }, { senders: ["ACME"] })).toBe("c1");
  expect(chosen({ ...step, sender: null }, { senders: ["ACME"] })).toBeUndefined();
});

it("asks the lowest priority first, and those of one priority by name", () => {
  const all = [{ priority: 1 }, {}, { priority: 1 }, { priority: 0 }];
  expect(namesOf(order(step, ...all))).toEqual(["c1", "c3", "c0", "c2"]);
});

it("shares messages by weight, each always in the same order", () => {
  const [heavy, light, spare] = ["1", "2", "3"].map((digit) => ({ guid: digit.repeat(32) }));
  const all = [
    setting("heavy", { ...heavy, weight: 3 }),
    setting("light", { ...light, weight: 1 }),
    setting("spare", { ...spare }),
  ];
  const firsts = Array.from({ length: 2_000 }, (_, index) => {
    const asked = { ...step, messageId: `m${index}`, recipient: to("+6591234567") };
    const names = namesOf(orderConnections(all, asked));
    expect(names).toEqual(namesOf(orderConnections(all.toReversed(), asked)));
    expect(names[2]).toBe("spare");
    return names[0];
  });
  const share = firsts.filter((name) => name === "heavy").length / firsts.length;
  // Three of four; ten standard deviations are 0.1.
  expect(share).toBeGreaterThan(0.65);
  expect(share).toBeLessThan(0.85);
});

it.each<[string, ConnectionSetting["when"], ReturnType<typeof to>, boolean]>([
  ["a country of the number", { countries: ["SG"] }, to("+6591234567"), true],
  ["a country that was said", { countries: ["MY"] }, to("+6591234567", "MY"), true],
  ["another country", { countries: ["MY"] }, to("+6591234567"), false],
  ["a prefix", { prefixes: ["+66", "+659"] }, to("+6591234567"), true],
  ["another prefix", { prefixes: ["+66"] }, to("+6591234567"), false],
  ["a mobile number", { numberTypes: ["mobile"] }, to("+6591234567"), true],
  ["a number that may be mobile", { numberTypes: ["mobile"] }, to("+12025550123"), true],
  ["a toll-free number", { numberTypes: ["mobile"] }, to("+18005550123"), false],
  ["both", { countries: ["US"], numberTypes: ["toll-free"] }, to("+18005550123"), true],
  ["one of two", { countries: ["SG"], numberTypes: ["toll-free"] }, to("+18005550123"), false],
  ["a person without a number", { prefixes: ["+1"] }, to(null), false],
])("asks one only for whom it is: %s", (_, when, recipient, isMet) => {
  const all = [setting("c0", { ...(when && { when }) })];
  const { hasAny, routes } = orderConnections(all, { ...step, messageId: "m", recipient });
  expect([hasAny, routes.length]).toEqual([true, isMet ? 1 : 0]);
});

it.each<[ConnectionOrder, string[]]>([
  ["own-first", ["own", "own-later", "shared"]],
  ["operator-first", ["shared", "own", "own-later"]],
  ["own-only", ["own", "own-later"]],
  ["cheapest", ["shared", "own-later", "own"]],
])(
  "asks the account's own and the operator's as the account orders them: %s",
  (connectionOrder, names) => {
    const all = [
      setting(
        "shared",
        { priority: 9, cost: { elsewhere: 90, byCountry: { SG: 20 } } },
        ALL_ACCOUNTS,
      ),
      setting("own", {}),
      setting("own-later", { priority: 1, cost: { elsewhere: 10, byPrefix: { "+659": 30 } } }),
    ];
    const asked = { ...step, messageId: "m", recipient: to("+6591234567") };
    expect(namesOf(orderConnections(all, asked, connectionOrder))).toEqual(names);
  },
);

it("asks those of one cost by owner, priority and name", () => {
  const cost = { elsewhere: 5 };
  const all = [
    setting("b", { cost }, ALL_ACCOUNTS),
    setting("c", { cost, priority: 2 }),
    setting("a", { cost, priority: 2 }),
    setting("free", { cost: { elsewhere: 0 }, priority: 9 }, ALL_ACCOUNTS),
  ];
  const asked = { ...step, messageId: "m", recipient: to("+6591234567") };
  expect(namesOf(orderConnections(all, asked, "cheapest"))).toEqual(["free", "a", "c", "b"]);
});
