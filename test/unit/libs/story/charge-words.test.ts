import { expect, it } from "vitest";
import type { Charge } from "#libs/contracts/generated/types.ts";
import { chargeWords } from "#libs/story/wording.ts";

const nothing: Charge = {
  amountMicros: null,
  currency: null,
  isBillable: null,
  category: null,
  network: null,
};

it.each<[Partial<Charge>, string]>([
  [{ amountMicros: 7_500, currency: "USD" }, "the provider charges 0.0075 USD"],
  [
    { amountMicros: 7_500, currency: "USD", category: "marketing", network: "52501" },
    "the provider charges 0.0075 USD (marketing, network 52501)",
  ],
  [{ isBillable: true, category: "utility" }, "the provider charges for it (utility)"],
  [{ isBillable: false, category: "service" }, "the provider charges nothing for it (service)"],
  [{ network: "52501" }, "the provider names no price (network 52501)"],
])("tells %j as: %s", (charge, words) => {
  expect(chargeWords({ ...nothing, ...charge })).toBe(words);
});
