// Which ends of a call speak against the connection itself, and not against one message. Pure.
import { UNREACHABLE } from "#libs/providers/answer-of-end.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";

/** So many faults in a row, over all dispatchers: less is an accident of the network. */
const FAULT_COUNT_MAX = 5;
/** Whom a provider does not know it will not know a second later. */
const LOGIN_COUNT_MAX = 1;

export type ConnectionFault = {
  why: string;
  /** So many of them in a row open the circuit. */
  countMax: number;
};

/** Null for an answer: whatever it says, the connection works. */
export function connectionFault(answer: ProviderAnswer): ConnectionFault | null {
  switch (answer.type) {
    case "unknown":
      return { why: answer.text, countMax: FAULT_COUNT_MAX };
    case "temporary":
      if (!isOfTheWay(answer.code)) return null;
      return { why: answer.text, countMax: FAULT_COUNT_MAX };
    case "refused":
      if (answer.isLoginRefused !== true) return null;
      return { why: `${answer.code}: ${answer.text}`, countMax: LOGIN_COUNT_MAX };
    case "accepted":
    case "late":
      return null;
  }
}

/** Nothing was there to answer; a provider that is only busy says so with 429, or a code of its own. */
function isOfTheWay(code: string): boolean {
  return code === UNREACHABLE || /^http-5\d\d$/.test(code);
}
