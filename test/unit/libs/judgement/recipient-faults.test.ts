import { assert, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const account = demoView().findAccount("demo");
assert(account);
const byId = (channelUserIds: Record<string, string>) => ({
  msisdn: null,
  country: null,
  channelUserIds,
});

function faultsAt(more: Partial<SendRequest>): string[] {
  const faults = faultsOf(storedRequest(more), { account, now: START });
  return faults.map(({ code, path, words }) => `${code} ${path} ${words}`);
}

const whatsapp = requestedStep("whatsapp");
const sms = requestedStep("sms");

it("takes two numbers on one channel, and a step's own way to who is else out of its reach", () => {
  const second = { ...sms, recipient: numbered("+6598765432") };
  expect(faultsAt({ steps: [sms, second] })).toEqual([]);
  expect(faultsAt({ recipient: byId({ whatsapp: "US.1" }), steps: [whatsapp, second] })).toEqual(
    [],
  );
});

it("judges a step's own recipient as the message's, and says where it is", () => {
  const wrong = { msisdn: "12", country: null, channelUserIds: { sms: "34", viber: "no body" } };
  const nowhere = { ...numbered("+6598765432"), country: "XX" };
  const steps = [wrong, nowhere, byId({})].map((recipient) => ({ ...sms, recipient }));
  expect(faultsAt({ steps }).map((each) => each.split(" ", 2).join(" "))).toEqual([
    "bad-number /steps/0/recipient/msisdn",
    "bad-number /steps/0/recipient/channelUserIds/sms",
    "out-of-range /steps/0/recipient/channelUserIds/viber",
    "bad-country /steps/1/recipient/country",
    "no-recipient /steps/2/recipient",
  ]);
});

it("says which step its own recipient does not reach, whatever the message's has", () => {
  const lost = { ...sms, recipient: byId({ whatsapp: "US.1" }) };
  expect(faultsAt({ steps: [whatsapp, lost] })).toEqual([
    "no-address /steps/1 has no address: /steps/1/recipient needs msisdn, or an id on sms",
  ]);
});

it("judges a step's own callback URL as the message's", () => {
  const steps = [sms, { ...sms, callbackUrl: "ftp://example.com" }];
  expect(faultsAt({ callbackUrl: "nowhere", steps }).map((each) => each.split(" ")[1])).toEqual([
    "/callbackUrl",
    "/steps/1/callbackUrl",
  ]);
});
