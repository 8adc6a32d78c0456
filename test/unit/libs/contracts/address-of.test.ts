import { expect, it } from "vitest";
import { addressOf } from "#libs/contracts/address-of.ts";

it.each<[string, string | null, Record<string, string>, string | undefined]>([
  ["the number, on every channel", "+6591234567", { whatsapp: "US.1" }, "+6591234567"],
  ["the id on the channel where there is no number", null, { whatsapp: "US.1" }, "US.1"],
  ["the id where the number is empty", "", { whatsapp: "US.1" }, "US.1"],
  ["none where the id is empty", null, { whatsapp: "" }, undefined],
  ["none where the id is another channel's", "", { viber: "v" }, undefined],
])("is %s", (_, msisdn, channelUserIds, address) => {
  expect(addressOf({ msisdn, channelUserIds }, "whatsapp")).toBe(address);
});

it("is never a member that every object has", () => {
  expect(addressOf({ msisdn: null, channelUserIds: {} }, "constructor")).toBeUndefined();
});
