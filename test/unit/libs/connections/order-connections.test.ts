import { expect, it } from "vitest";
import { orderConnections, type Routes } from "#libs/connections/order-connections.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

const connection: ConnectionSetting = {
  provider: "whatsapp-cloud",
  enabled: true,
  options: {},
  guid: "0".repeat(32),
  sealedCredentials: "",
};

function order(
  step: { channel: string; sender: string | null },
  ...all: Partial<ConnectionSetting>[]
) {
  const named = all.map((each, index) => [`c${index}`, { ...connection, ...each }] as const);
  const asked = { messageId: "m", recipient: to("+6591234567"), ...step };
  return orderConnections(new Map(named.toReversed()), asked);
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
  const all = new Map(
    Object.entries({
      heavy: { ...connection, ...heavy, weight: 3 },
      light: { ...connection, ...light, weight: 1 },
      spare: { ...connection, ...spare },
    }),
  );
  const firsts = Array.from({ length: 2_000 }, (_, index) => {
    const asked = { ...step, messageId: `m${index}`, recipient: to("+6591234567") };
    const names = namesOf(orderConnections(all, asked));
    expect(names).toEqual(namesOf(orderConnections(new Map([...all].toReversed()), asked)));
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
  const all = new Map([["c0", { ...connection, ...(when && { when }) }]]);
  const { hasOwn, routes } = orderConnections(all, { ...step, messageId: "m", recipient });
  expect([hasOwn, routes.length]).toEqual([true, isMet ? 1 : 0]);
});
