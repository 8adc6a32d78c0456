// The life of one command: wait for the sender's turn, claim, check that it still matters, call the
// provider, keep the answer, report it. Safe to repeat at any point, because the claim tells how far
// an earlier try came; a call whose answer nobody kept is treated as an answer that was lost.
import { setTimeout as sleep } from "node:timers/promises";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Claim } from "#libs/dispatch-store/claims.ts";
import { RetriableError } from "#libs/errors.ts";
import { callProvider } from "./call-provider.ts";
import { park, publish } from "./carry-out.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { claimFoundCounter } from "./metrics.ts";

/** Resolves once the command is reported, or safe in the retry queue. */
export async function dispatchCommand(item: CommandInHand, deps: DispatchDeps): Promise<End> {
  const { commandId } = item.command;
  const { running } = deps.inHand;
  if (running.has(commandId)) return park(item, { because: "held", delayMs: deps.leaseMs }, deps);
  running.add(commandId);
  try {
    await waitForTurn(item.command, deps);
    return await followClaim(item, await deps.claims.claim(commandId, item.source), deps);
  } finally {
    running.delete(commandId);
  }
}

/** Before the claim, so that whoever dies while it waits leaves no claim that looks like a call. */
async function waitForTurn(
  { sender }: DispatchCommand,
  { reserve, stopping }: DispatchDeps,
): Promise<void> {
  const waitMs = stopping.aborted ? 0 : await reserve(sender ?? "");
  // An abort only ends the wait; what it means is said below.
  if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopping }).catch(() => undefined);
  if (stopping.aborted) throw new RetriableError("The dispatcher stops.");
}

async function followClaim(item: CommandInHand, claim: Claim, deps: DispatchDeps): Promise<End> {
  if (claim.verdict === "claimed")
    return callProvider(item, { ...claim, isAbandoned: false }, deps);
  claimFoundCounter.inc({ channel: deps.channel, verdict: claim.verdict });
  switch (claim.verdict) {
    case "answered":
      await publish(item, claim.report, deps);
      return "done";
    case "parked":
      return "waits";
    case "held":
    case "abandoned":
      return followUnanswered(item, claim, deps);
  }
}

type UnansweredClaim = Extract<Claim, { verdict: "held" | "abandoned" }>;

function followUnanswered(
  item: CommandInHand,
  claim: UnansweredClaim,
  deps: DispatchDeps,
): Promise<End> {
  // An earlier try of this process failed between its claim and the call: nothing is lost.
  if (claim.wasMine && !deps.inHand.unanswered.has(item.command.commandId)) {
    return callProvider(item, { ...claim, isAbandoned: false }, deps);
  }
  if (claim.verdict === "abandoned")
    return callProvider(item, { ...claim, isAbandoned: true }, deps);
  return park(item, { because: "held", delayMs: claim.remainingMs }, deps);
}
