// What the operator does not let an account do because it costs money: to whom, and under which name.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import { asNumber } from "#libs/phone-numbers/as-number.ts";
import { type NumberClass, numberPlanOf } from "#libs/phone-numbers/number-plan.ts";
import { isE164 } from "#libs/phone-numbers/parse-number.ts";
import { highestCost } from "#libs/prices/highest-cost.ts";
import type { Account } from "#libs/settings/account.ts";
import type { Limits } from "#libs/settings/bodies/limits.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest, RequestedStep } from "./requested-steps.ts";
import { saidByStep } from "./said-contents.ts";

/** What a message to these costs is whatever their holders ask: the operator allows them one by one. */
const OFF_UNLESS_ALLOWED: ReadonlySet<NumberClass> = new Set([
  "premium-rate",
  "shared-cost",
  "satellite",
]);
/** A WhatsApp user id begins with the country of the number behind it (Meta, "Business-scoped user IDs"). */
const COUNTRY_OF_ID = /^([A-Z]{2})\./;

/** Faults of all whom the steps reach, and of all senders that they go out under. */
export function limitFaults(
  request: JudgedRequest,
  steps: readonly RequestedStep[],
  account: Account,
): Fault[] {
  const { limits } = account;
  return [
    ...addressesOf(request, steps).flatMap((address) => addressFaults(address, limits)),
    ...steps.flatMap((step, index) => senderFaults({ request, step, index }, account)),
    ...priceFaults(request, steps, account),
  ];
}

export type StepAddress = { address: string; path: string };

/** Every address that a step reaches, once however it is spelt, with the place in the request that has it. */
export function addressesOf(
  request: Pick<JudgedRequest, "recipient" | "steps">,
  steps: readonly RequestedStep[],
): StepAddress[] {
  const places = new Map<string, string>();
  for (const [index, { channel }] of steps.entries()) {
    const recipient = stepRecipient(request, index);
    const address = addressOf(recipient, channel);
    if (address === undefined || places.has(address)) continue;
    const place = request.steps[index]?.recipient ? `/steps/${index}/recipient` : "/recipient";
    places.set(address, `${place}/${memberOf(recipient, channel)}`);
  }
  return onceOf(places);
}

/** By address as it is spelt, the first place that has it. */
function onceOf(places: ReadonlyMap<string, string>): StepAddress[] {
  const once = new Map<string, string>();
  for (const [spelt, path] of places) {
    const address = asNumber(spelt);
    if (!once.has(address)) once.set(address, path);
  }
  return Array.from(once, ([address, path]) => ({ address, path }));
}

function memberOf({ msisdn }: Recipient, channel: string): string {
  return msisdn ? "msisdn" : `channelUserIds/${channel}`;
}

type Plan = { country: string | null; numberClass: NumberClass | null };

/** An id is of no number class; its country is one that it says itself. */
function planOf(address: string): Plan {
  if (isE164(address)) return numberPlanOf(address);
  return { country: COUNTRY_OF_ID.exec(address)?.[1] ?? null, numberClass: null };
}

function addressFaults({ address, path }: StepAddress, limits: Limits): Fault[] {
  const { country, numberClass } = planOf(address);
  return [
    ...classFaults(numberClass, path, limits.numberClasses),
    ...countryFaults(country, path, limits.countries),
  ];
}

function classFaults(numberClass: NumberClass | null, path: string, said: Limits["numberClasses"]) {
  if (numberClass === null) return [];
  if (said[numberClass] ?? !OFF_UNLESS_ALLOWED.has(numberClass)) return [];
  const words = `is a ${numberClass} number: the operator does not allow these`;
  return [fault("number-class-not-allowed", path, words)];
}

function countryFaults(
  country: string | null,
  path: string,
  { allowed, denied = [] }: Limits["countries"],
) {
  const isIn = (countries: readonly string[]) => country !== null && countries.includes(country);
  if (!isIn(denied) && (allowed === undefined || isIn(allowed))) return [];
  const where = country === null ? "is in no country that is known" : `is in ${country}`;
  return [fault("country-not-allowed", path, `${where}: the operator does not allow that`)];
}

type Sending = { request: JudgedRequest; step: RequestedStep; index: number };

/** The name that the message goes out under, whoever chose it: the request, the flow or the account. */
function senderFaults({ request, step, index }: Sending, { limits, senders }: Account): Fault[] {
  const { channel, sender } = step;
  const approved = new Map(Object.entries(limits.senders)).get(channel);
  if (approved === undefined) return [];
  const { content, path } = saidByStep(request, index);
  const source = channel === "sms" ? (content.sms?.source ?? null) : null;
  const name = source ?? sender ?? senders[channel];
  if (name === undefined || approved.includes(name)) return [];
  const place = source === null ? `/steps/${index}/sender` : `${path}/sms/source`;
  const words = `would be ${JSON.stringify(name)}, which the operator has not approved`;
  return [fault("sender-not-approved", place, words)];
}

/** What cannot be counted cannot be capped. */
function priceFaults(
  request: JudgedRequest,
  steps: readonly RequestedStep[],
  account: Account,
): Fault[] {
  if (account.limits.daily.spend === undefined) return [];
  return highestCost(request, steps, account).unpriced.map((index) => {
    const words = "has no price, and the operator caps what the account spends";
    return fault("no-price", `/steps/${index}`, words);
  });
}
