import { expect, it } from "vitest";
import { chooseConnection } from "#libs/connections/choose-connection.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

const connection: ConnectionSetting = {
  provider: "whatsapp-cloud",
  enabled: true,
  options: {},
  guid: "0".repeat(32),
  sealedCredentials: "",
};

function chosen(
  step: { channel: string; sender: string | null },
  ...all: Partial<ConnectionSetting>[]
) {
  const named = all.map((each, index) => [`c${index}`, { ...connection, ...each }] as const);
  const found = chooseConnection(new Map(named.toReversed()), step);
  return named.find(([, each]) => each === found)?.[0];
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
