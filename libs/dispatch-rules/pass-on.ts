// When another connection is asked for what one of them did not take, and what is told of it. Pure.
import type { CallRoute } from "#libs/contracts/generated/types.ts";
import { ROUTE_COUNT_MAX } from "#libs/contracts/limits.ts";
import type { PassedOver } from "#libs/dispatch-store/passed-over.ts";
import type { Asking, Tries } from "#libs/dispatch-store/replies.ts";
import { NOT_SERVED } from "#libs/providers/not-served.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";

/** A connection that is asked: its name (null: the account has none), and what its reports name. */
export type Asked = { connection: string | null; provider: string };

type Refusing = Extract<ProviderAnswer, { type: "refused" | "temporary" }>;

/**
 * True for a refusal that says nothing against the message or the person: what is wrong is the
 * account's standing at this provider (SENDER), its load, or what it can say. Never for an answer
 * that is unknown: the provider may have the message.
 */
export function mayPassOn(answer: Refusing): boolean {
  if (answer.type === "temporary" || answer.errorClass === "SENDER") return true;
  // It may not be asked again itself, and has sent nothing.
  if (answer.errorClass === "TEMPORARY" && answer.isFinal) return true;
  return answer.code === NOT_SERVED;
}

/** Those that a command may be given to now, in order. None where all that there are have refused for ever. */
export function routesLeft<Route extends { provider: string }>(
  routes: readonly Route[],
  { called, passed, isLost }: Asking & { isLost: boolean },
): readonly Route[] {
  const final = new Set(passed.filter(({ isFinal }) => isFinal).map(({ provider }) => provider));
  const open = routes.filter(({ provider }) => !final.has(provider));
  // Whoever may have the message is the only one who may be asked again.
  if (isLost && called !== null) return open.filter(({ provider }) => provider === called);
  const out = new Set(passed.filter(({ isOut }) => isOut).map(({ provider }) => provider));
  const left = open.filter(({ provider }) => !out.has(provider));
  // The settings have changed: a new round.
  return left.length > 0 ? left : open;
}

/**
 * The last word where nobody is left to ask: what was refused for ever; after a lost answer, only by whom
 * that was of.
 */
export function finalRefusal({
  passed,
  called,
  lossCount,
}: Asking & Tries): PassedOver | undefined {
  return passed.findLast(
    ({ isFinal, provider }) => isFinal && (lossCount === 0 || provider === called),
  );
}

/** The list with this refusal, in place of an older one of the same connection. */
export function passOver(
  passed: readonly PassedOver[],
  answer: Refusing,
  asked: Asked,
): PassedOver[] {
  const { code: errorCode, text: errorText } = answer;
  const errorClass = answer.type === "temporary" ? "TEMPORARY" : answer.errorClass;
  const isNewRound = passed.some(({ provider, isOut }) => isOut && provider === asked.provider);
  const others = passed
    .filter(({ provider }) => provider !== asked.provider)
    // Else the next one would be asked anew as well, and so on for ever.
    .map((each) => (isNewRound ? { ...each, isOut: false } : each));
  const { connection, provider } = asked;
  const isFinal = answer.type === "refused" && answer.isFinal === true;
  const told = { connection, provider, errorCode, errorClass, errorText, isOut: true };
  const isLoginRefused = answer.type === "refused" && answer.isLoginRefused === true;
  const refusal = isLoginRefused ? { ...told, isLoginRefused } : told;
  return [...others, isFinal ? { ...refusal, isFinal } : refusal].slice(-ROUTE_COUNT_MAX);
}

/** A round begins anew: whoever may take it by now is asked again. */
export function newRound(passed: readonly PassedOver[]): PassedOver[] {
  return passed.map((each) => ({ ...each, isOut: !mayTakeItLater(each) }));
}

/** Whether one that did not take it may, without anybody's changing the message. */
export function mayTakeItLater({ errorClass, isLoginRefused, isFinal }: PassedOver): boolean {
  return (errorClass === "TEMPORARY" || isLoginRefused === true) && isFinal !== true;
}

/** What the report says: who answered, and who had refused before. Null where the account has no connection. */
export function routeOf(passed: readonly PassedOver[], asked: Asked): CallRoute | null {
  const refusals = passed
    .filter(({ provider }) => asked.connection === null || provider !== asked.provider)
    .flatMap(({ connection, errorCode, errorClass, errorText }) =>
      connection === null ? [] : [{ connection, errorCode, errorClass, errorText }],
    );
  if (asked.connection === null && refusals.length === 0) return null;
  return { connection: asked.connection, refusals };
}
