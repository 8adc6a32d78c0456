import { expect, it } from "vitest";
import { highestCost } from "#libs/prices/highest-cost.ts";
import { withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const price = { channel: "whatsapp", currency: "EUR", chargedOn: "submit" } as const;
const place = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "t" };
const dear = { ...price, country: "GB", perUnit: 9_000_000 };
const account = demoView(
  withBody({ ...place, kind: "price", name: "whatsapp-GB" }, dear),
).findAccount("demo");

it.each(["+447400123456", "447400123456", "whatsapp:+447400123456", "00447400123456"])(
  "is that of the number's own country, also where an id has it: %s",
  (id) => {
    const recipient = { msisdn: null, country: "SG", channelUserIds: { whatsapp: id } };
    const steps = [requestedStep("whatsapp")];
    const cost = account && highestCost(storedRequest({ recipient, steps }), steps, account);
    expect(cost).toEqual({ total: 9_000_000, unpriced: [] });
  },
);
