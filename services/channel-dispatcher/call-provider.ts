// What is done with a command whose claim is ours.
import { codeOf, followCodeRule } from "#libs/dispatch-rules/follow-code-rule.ts";
import { type Held, type Hindrance, hold, waitForSlot } from "#libs/dispatch-rules/hold.ts";
import { finalRefusal, routesLeft } from "#libs/dispatch-rules/pass-on.ts";
import type { Begun } from "#libs/dispatch-store/replies.ts";
import { RetriableError } from "#libs/errors.ts";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import { cannotReceive } from "#libs/providers/capability.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { whereCodeLeads } from "#libs/settings/code-rules.ts";
import { carryOut, dropQuietly, giveBack } from "./carry-out.ts";
import type { Circuits } from "./circuits.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { endUncalled, lastAsked, weigh } from "./end-uncalled.ts";
import { callSeconds } from "./metrics.ts";
import { isRevocation, revokeLeft } from "./revoke-left.ts";
import type { Route } from "./routes.ts";

/** Calls the provider if that still makes sense, and sees to what follows. */
export async function callProvider(item: CommandInHand, deps: DispatchDeps): Promise<End> {
  if (isRevocation(item.command)) {
    await revokeLeft(item, deps);
    return dropQuietly(item, "revocation", deps);
  }
  const { end, nowMs } = await endUncalled(item, deps);
  return end ?? callOne(item, clockFrom(nowMs), deps);
}

/**
 * Takes back what is left right before the call: for a command that is held, or has to wait, the person
 * would have neither. Then the state is read again: it may have arrived meanwhile.
 */
async function revokeFirst(item: CommandInHand, deps: DispatchDeps): Promise<End | undefined> {
  if (item.command.revokes.length === 0) return undefined;
  await revokeLeft(item, deps);
  return (await endUncalled(item, deps)).end;
}

/** Gives it to the first connection that may be called now. */
async function callOne(item: CommandInHand, clock: () => number, deps: DispatchDeps): Promise<End> {
  const { command, taken } = item;
  const left = routesLeft(item.routes, { ...taken, isLost: taken.lossCount > 0 });
  const seen = left.map((route) => ({ route, hindrance: route.hindrance() }));
  const ready = seen.flatMap(({ route, hindrance }) => (hindrance ? [] : [route]));
  const leftMs = command.notAfter - clock();
  const begun = await deps.lanes.beginCall(command.commandId, {
    candidates: ready.map(candidateOf),
    leftMs,
  });
  // Another dispatcher has it by now.
  if (!begun) return "waits";
  const route = begun.index === null ? undefined : ready[begun.index];
  if (!route) return holdBack(item, withCircuits(seen, ready, begun), { clock, deps });
  if (begun.pacedMs > 0) return letWait(item, { route, begun, clock, deps });
  const ended = await revokeFirst(item, deps);
  if (ended) return ended;
  const isInTime = () => clock() < command.notAfter && performance.now() < item.beginBefore;
  const { hasFailed, othersCount } = begun;
  const said = await call(item, { route, isInTime }, deps);
  await noteEnd({ route, hasFailed }, said, deps);
  const answer = asAccountSays(said, { item, route, deps });
  const isUncalled = answer.type === "late";
  // This process stood still for so long that another one may have the command by now.
  if (isUncalled && clock() < command.notAfter) return giveBack(item, deps);
  const conclusion = weigh(answer, { item, asked: route, othersCount, nowMs: clock(), deps });
  return carryOut(conclusion, item, { asked: route, nowMs: clock(), isUncalled, deps });
}

type Ruled = { item: CommandInHand; route: Route; deps: DispatchDeps };

/** An account may have a rule of its own for a provider's code. */
function asAccountSays(answer: ProviderAnswer, { item, route, deps }: Ruled): ProviderAnswer {
  const code = codeOf(answer);
  if (code === null) return answer;
  const { accountId, channel } = item.command;
  const account = deps.findAccount(accountId);
  const { provider } = route;
  return followCodeRule(answer, account && whereCodeLeads(account, { provider, channel, code }));
}

type Calling = { route: Route; isInTime: () => boolean };

async function call(
  { command, taken }: CommandInHand,
  { route, isInTime }: Calling,
  { channel, inHand }: DispatchDeps,
): Promise<ProviderAnswer> {
  // What may have been sent before is asked for again, whatever is said of the phone by now.
  const isFirst = taken.lossCount === 0;
  const capability = isFirst ? await route.adapter.capability?.(command) : undefined;
  if (capability === "cannot") return cannotReceive(command);
  const { commandId } = command;
  const note = () => void inHand.unanswered.set(commandId, route.provider);
  const stopTimer = callSeconds.startTimer({ channel });
  const answer = boundAnswer(await route.adapter.dispatch(command, noting(isInTime, note)));
  stopTimer({ answer: answer.type });
  if (answer.type === "late") inHand.unanswered.delete(commandId);
  else note();
  return answer;
}

/** It goes out once its adapter is told that it is in time: one that fails before it asks has sent nothing. */
function noting(isInTime: () => boolean, note: () => void): () => boolean {
  return () => {
    const goesOut = isInTime();
    if (goesOut) note();
    return goesOut;
  };
}

/** Of connections alone: the simulated carrier's faults are asked for. */
function candidateOf({ connection, provider, paces }: Route) {
  return { provider, isGuarded: connection !== null, paces };
}

type Waiting = { route: Route; begun: Begun; clock: () => number; deps: DispatchDeps };

function letWait(item: CommandInHand, { route, begun, clock, deps }: Waiting): Promise<End> {
  const nowMs = clock();
  const { command, taken } = item;
  const conclusion = waitForSlot(begun.pacedMs, { ...taken, command, nowMs, spread: 0 });
  return carryOut(conclusion, item, { asked: route, nowMs, isUncalled: true, deps });
}

type Seen = { route: Route; hindrance: Hindrance | undefined };

/** With what keeps those from being called that nothing else does. */
function withCircuits(seen: readonly Seen[], ready: readonly Route[], begun: Begun): Held[] {
  return seen.map(({ route, hindrance }) => {
    const { connection, provider } = route;
    const circuit = begun.circuits[ready.indexOf(route)];
    const code = "connection-down";
    const open = circuit && { code, text: circuit.why, retryAfterMs: circuit.waitMs };
    return { connection, provider, hindrance: hindrance ?? open };
  });
}

/** What is known of the connection is worth no message: where it cannot be noted, the next call notes it. */
async function noteEnd(
  ended: Parameters<Circuits["note"]>[0],
  answer: ProviderAnswer,
  { circuits, log }: DispatchDeps,
): Promise<void> {
  await circuits.note(ended, answer).catch((error: unknown) => {
    if (!(error instanceof RetriableError)) throw error;
    log.warn({ err: error }, "the end of a call could not be noted");
  });
}

type Holding = { clock: () => number; deps: DispatchDeps };

/** No call is made, and none is counted: whoever mends the connection in time still sends it. */
function holdBack(
  item: CommandInHand,
  held: readonly Held[],
  { clock, deps }: Holding,
): Promise<End> {
  const nowMs = clock();
  const { command, taken } = item;
  const conclusion = hold(held, { ...taken, command, nowMs, spread: Math.random() });
  const asked = held[0] ?? finalRefusal(taken) ?? lastAsked(item, { type: "call" });
  return carryOut(conclusion, item, { asked, nowMs, isUncalled: true, deps });
}

/** The clock that the state was read with, carried on by this process's own, which never jumps. */
function clockFrom(nowMs: number): () => number {
  const startedAt = performance.now();
  return () => nowMs + performance.now() - startedAt;
}
