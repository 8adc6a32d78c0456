// What a message uses of each cap of its account's day, at most: as if every step of it were tried.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { FaultCode } from "#libs/judgement/fault.ts";
import { addressesOf, type StepAddress } from "#libs/judgement/limit-faults.ts";
import { requestedSteps } from "#libs/judgement/requested-steps.ts";
import { isE164 } from "#libs/phone-numbers/parse-number.ts";
import { highestCost, segmentsAtMost } from "#libs/prices/highest-cost.ts";
import type { Account } from "#libs/settings/account.ts";
import { hasDailyCaps } from "#libs/settings/bodies/limits.ts";

export type Counter = {
  /** By which it is counted; one of each in a message. */
  name: string;
  /** How much the message uses. */
  amount: number;
  cap: number;
  /** Of the refusal of what does not fit. */
  code: FaultCode;
  path: string;
  /** What is counted: `messages to this number`. */
  what: string;
};

/** Numbers that differ in so many last digits only are one prefix: carriers give these out together. */
const BLOCK_DIGITS = 3;

/** Of a request that its account may send; none where no cap is set. */
export function countersOf(request: SendRequest, account: Account): Counter[] {
  const { daily } = account.limits;
  if (!hasDailyCaps(account.limits)) return [];
  const steps = requestedSteps(request, account);
  const { add, all } = counterMaker();
  add("messages", daily.messages, { code: "messages-cap-reached", what: "messages" });
  if (daily.segments !== undefined) {
    const amount = segmentsAtMost(request, steps);
    add("segments", daily.segments, { code: "segments-cap-reached", what: "segments", amount });
  }
  if (daily.spend !== undefined) {
    const amount = highestCost(request, steps, account).total;
    add("spend", daily.spend, { code: "spend-cap-reached", what: "units of money", amount });
  }
  for (const address of addressesOf(request, steps)) addAddress(address, daily, add);
  return all();
}

function addAddress({ address, path }: StepAddress, daily: Daily, add: Add): void {
  const what = "messages to this number";
  add(`number:${address}`, daily.messagesPerNumber, { code: "number-cap-reached", path, what });
  if (!isE164(address)) return;
  const toMany = (name: string, beginning: string, cap: number | undefined) =>
    add(name, cap, { code: "prefix-cap-reached", path, what: `messages to ${beginning}` });
  const block = address.slice(0, -BLOCK_DIGITS);
  toMany(`block:${block}`, `${block}xxx`, daily.messagesPerPrefix);
  for (const [prefix, cap] of Object.entries(daily.messagesByPrefix ?? {})) {
    if (address.startsWith(prefix)) toMany(`prefix:${prefix}`, prefix, cap);
  }
}

type Daily = Account["limits"]["daily"];
type Add = ReturnType<typeof counterMaker>["add"];
type Particulars = Pick<Counter, "code" | "what"> & Partial<Pick<Counter, "path" | "amount">>;

/** Several numbers of a message within one prefix are one counter of it. */
function counterMaker() {
  const counters = new Map<string, Counter>();
  function add(name: string, cap: number | undefined, particulars: Particulars): void {
    if (cap === undefined) return;
    const { amount = 1, path = "" } = particulars;
    const before = counters.get(name)?.amount ?? 0;
    counters.set(name, { ...particulars, name, cap, path, amount: before + amount });
  }
  return { add, all: () => [...counters.values()] };
}
