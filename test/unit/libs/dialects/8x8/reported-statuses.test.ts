import { assert, expect, it } from "vitest";
import { channelNames, findChannel } from "#libs/dialects/8x8/channel-names.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { parseChannels } from "#libs/dialects/8x8/send/parse-channels.ts";
import { demoView } from "#test/support/demo-settings.ts";

const demo = demoView().findAccount("demo");
assert(demo);
/** An account that has every channel of 8x8's. */
const senders = Object.fromEntries(channelNames.map((name) => [findChannel(name), "X"]));
const account = { ...demo, senders };

/** The code of a refusal, or what the step waits for. */
function answerTo(channel: string, successStatus?: string) {
  try {
    const step = { channel, ...(successStatus !== undefined && { successStatus }) };
    return parseChannels([step, { channel: "WhatsApp" }], account)[0]?.wanted;
  } catch (error) {
    assert(error instanceof Refusal);
    return error.code;
  }
}

it.each([
  ["WhatsApp", "DELIVERED", "READ"],
  ["Viber", "DELIVERED", "READ"],
  ["RCS", "DELIVERED", "READ"],
  ["SMS", "DELIVERED", 3026],
  ["ZaloNotification", "DELIVERED", 3026],
  ["LineNotification", "DELIVERED", 3026],
  ["Line", 3025, 3026],
])("answers %s with %s for Delivered and %s for Read", (channel, toDelivered, toRead) => {
  expect(answerTo(channel, "Delivered")).toBe(toDelivered);
  expect(answerTo(channel, "Read")).toBe(toRead);
  expect([answerTo(channel, "Accepted"), answerTo(channel, "Sent")]).toEqual(["ACCEPTED", "SENT"]);
});

it.each(["Facebook", "Instagram", "WeChat", "Zalo"])(
  "lets %s, of which 8x8 says nothing, wait for read",
  (channel) => expect(answerTo(channel, "Read")).toBe("READ"),
);

it("waits for delivered where the client says nothing, and on Line for sent", () => {
  expect(answerTo("SMS")).toBe("DELIVERED");
  expect(answerTo("Line")).toBe("SENT");
});

it("refuses the same on the last channel, although nothing follows", () => {
  const last = { channel: "SMS", successStatus: "Read" };
  expect(() => parseChannels([last], account)).toThrow(/channels\[0\].successStatus is one that/);
});
