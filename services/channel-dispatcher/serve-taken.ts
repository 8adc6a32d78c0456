// The life of a command that was taken out of its lane: see whether it still matters, call the
// provider, keep the answer, report it. Safe to repeat at any point, because the claim tells how far
// an earlier try came; a call whose answer nobody kept is treated as an answer that was lost.
import { readOne } from "#libs/contracts/codec.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import { inStage, RetriableError, reportFault } from "#libs/errors.ts";
import { callProvider } from "./call-provider.ts";
import { publish } from "./carry-out.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { isForgotten, mayBeCalled, wasInHandAtLoss } from "./may-be-called.ts";
import { claimFoundCounter } from "./metrics.ts";
import { type Hopeless, setAside } from "./set-aside.ts";

/** Between two tries of a command that met a fault of ours. */
const FAULT_PAUSE_MS = 1_000;
/** A command that fails so often by itself is set aside. */
const FAILURE_COUNT_MAX = 3;

/** Never rejects: whatever goes wrong, the command comes again, or is set aside with the reason. */
export async function serveTaken(
  taken: Taken,
  { takenAt, deps }: { takenAt: number; deps: DispatchDeps },
): Promise<void> {
  const { commandId } = taken;
  const { running, done } = deps.inHand;
  // Its lease is over while its report waits for Kafka.
  if (running.has(commandId)) return;
  running.add(commandId);
  let isAbandoned: boolean | null = null;
  try {
    const command = await decodeTaken(taken, deps);
    isAbandoned = await isCallLost(command, taken, deps);
    if ((await serve({ command, taken, isAbandoned, takenAt }, deps)) === "done")
      done.add(commandId);
  } catch (error) {
    await followFault({ error, isAbandoned }, taken, deps).catch((fault: unknown) => {
      deps.log.warn({ err: fault, commandId }, "a command comes again when its lease ends");
    });
  } finally {
    running.delete(commandId);
  }
}

function decodeTaken({ verdict, command }: Taken, deps: DispatchDeps): Promise<DispatchCommand> {
  if (verdict !== "claimed") claimFoundCounter.inc({ channel: deps.channel, state: verdict });
  return inStage("decode", () => readOne(deps.commandCodec, command));
}

/** A provider may have been called for it before, and nobody knows the answer. */
async function isCallLost(command: DispatchCommand, taken: Taken, deps: DispatchDeps) {
  return (
    mayBeCalled(taken, deps) ||
    isForgotten(command, taken) ||
    (await wasInHandAtLoss(command, taken, deps))
  );
}

type Looked = Pick<CommandInHand, "command" | "taken" | "isAbandoned"> & { takenAt: number };

async function serve({ takenAt, ...looked }: Looked, deps: DispatchDeps): Promise<End> {
  const { command, taken } = looked;
  const routes = deps.routesFor(command);
  const item = { ...looked, routes, beginBefore: takenAt + deps.beginWithinMs };
  if (taken.verdict !== "answered") return inStage("dispatch", () => callProvider(item, deps));
  const { report } = taken;
  if (report) await inStage("publish", () => publish(item, report, deps));
  return "done";
}

/** `isAbandoned`: as it was found; null: the fault came before anybody had looked. */
type Fault = { error: unknown; isAbandoned: boolean | null };

async function followFault(
  { error, isAbandoned }: Fault,
  taken: Taken,
  deps: DispatchDeps,
): Promise<void> {
  const wasCalled = deps.inHand.unanswered.has(taken.commandId);
  const met = { error, wasCalled, isAnswerLost: wasCalled || isAbandoned };
  if (!isHopeless(error, taken)) return putOff(taken, met, deps);
  await setAside(taken, met, deps).catch((fault: unknown) =>
    putOff(taken, { ...met, error: fault }, deps),
  );
}

function isHopeless(error: unknown, { failureCount }: Taken): boolean {
  if (error instanceof RetriableError) return false;
  return reportFault(error).isPoison || failureCount + 1 >= FAILURE_COUNT_MAX;
}

async function putOff(
  { commandId }: Taken,
  { error, wasCalled, isAnswerLost }: Hopeless & { wasCalled: boolean },
  deps: DispatchDeps,
): Promise<void> {
  const isRetriable = error instanceof RetriableError;
  const because = isRetriable ? "not-begun" : "failed";
  const how = { delayMs: FAULT_PAUSE_MS, because, isUncalled: !wasCalled, isAnswerLost } as const;
  await deps.lanes.putOff(commandId, how);
  deps.inHand.unanswered.delete(commandId);
  deps.log[isRetriable ? "warn" : "error"]({ err: error, commandId }, "a command comes again");
}
