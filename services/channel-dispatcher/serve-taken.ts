// The life of a command that was taken out of its lane: see whether it still matters, call the
// provider, keep the answer, report it. Safe to repeat at any point, because the claim tells how far
// an earlier try came; a call whose answer nobody kept is treated as an answer that was lost.
import { readOne } from "#libs/contracts/codec.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import { inStage, RetriableError, reportFault } from "#libs/errors.ts";
import { callProvider } from "./call-provider.ts";
import { publish } from "./carry-out.ts";
import type { DispatchDeps, End } from "./dispatch-deps.ts";
import { claimFoundCounter } from "./metrics.ts";

/** Between two tries of a command that met a fault of ours. */
const FAULT_PAUSE_MS = 1_000;
/** A command that fails so often by itself is set aside. */
const FAILURE_COUNT_MAX = 3;

/** Never rejects: whatever goes wrong, the command comes again, or is buried with the reason. */
export async function serveTaken(
  taken: Taken,
  { takenAt, deps }: { takenAt: number; deps: DispatchDeps },
): Promise<void> {
  const { commandId } = taken;
  const { running, done } = deps.inHand;
  // Its lease is over while its report waits for Kafka.
  if (running.has(commandId)) return;
  running.add(commandId);
  try {
    if ((await serve(taken, takenAt, deps)) === "done") done.add(commandId);
  } catch (error) {
    await followFault(error, taken, deps).catch((fault: unknown) => {
      deps.log.warn({ err: fault, commandId }, "a command comes again when its lease ends");
    });
  } finally {
    running.delete(commandId);
  }
}

async function serve(taken: Taken, takenAt: number, deps: DispatchDeps): Promise<End> {
  if (taken.verdict !== "claimed") {
    claimFoundCounter.inc({ channel: deps.channel, state: taken.verdict });
  }
  const command = await inStage("decode", () => readOne(deps.commandCodec, taken.command));
  const isAbandoned = mayBeCalled(taken, deps) || isForgotten(command, taken);
  const routes = deps.routesFor(command);
  const beginBefore = takenAt + deps.beginWithinMs;
  const item = { command, taken, routes, isAbandoned, beginBefore };
  if (taken.verdict !== "answered") return inStage("dispatch", () => callProvider(item, deps));
  const { report } = taken;
  if (report) await inStage("publish", () => publish(item, report, deps));
  return "done";
}

function mayBeCalled(taken: Taken, { inHand }: DispatchDeps): boolean {
  const { verdict, wasMine, commandId, called } = taken;
  // Whom it is given to is noted before the call: without that nobody was called.
  if (called === null) return false;
  // An earlier try of this process that failed between its claim and the call has lost nothing.
  return verdict === "abandoned" && !(wasMine && !inHand.unanswered.has(commandId));
}

/** It may have been called before Redis lost what was known of it, and nobody has looked into that yet. */
function isForgotten(command: DispatchCommand, { called, lossCount }: Taken): boolean {
  return command.mayBeCalled && called === null && lossCount === 0;
}

async function followFault(error: unknown, taken: Taken, deps: DispatchDeps): Promise<void> {
  const { commandId } = taken;
  const fault = reportFault(error);
  if (fault.isPoison) return bury(taken, error, deps);
  const isRetriable = error instanceof RetriableError;
  const wasCalled = deps.inHand.unanswered.has(commandId);
  const count = await deps.lanes.putOff(commandId, {
    delayMs: FAULT_PAUSE_MS,
    because: isRetriable ? "not-begun" : "failed",
    isUncalled: !wasCalled,
    isAnswerLost: wasCalled || mayBeCalled(taken, deps),
  });
  deps.inHand.unanswered.delete(commandId);
  deps.log[isRetriable ? "warn" : "error"]({ err: error, commandId }, "a command comes again");
  if (count >= FAILURE_COUNT_MAX) await bury(taken, error, deps);
}

async function bury(taken: Taken, fault: unknown, deps: DispatchDeps): Promise<void> {
  await deps.bury(taken, fault);
  await deps.lanes.forget(taken.commandId);
  deps.inHand.unanswered.delete(taken.commandId);
}
