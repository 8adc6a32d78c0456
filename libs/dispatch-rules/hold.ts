// What becomes of a command whose connections cannot be called now: it waits, uncalled and uncounted,
// until one can be, or its time is over. Pure.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Asking, Tries } from "#libs/dispatch-store/replies.ts";
import { answerLost, type Conclusion } from "./conclude.ts";
import { type Asked, finalRefusal, passOver } from "./pass-on.ts";

/** What keeps a connection from being called now, in our code and words, as a story tells them. */
export type Hindrance = { code: string; text: string; retryAfterMs: number };

export type Held = Asked & { hindrance: Hindrance | undefined };

export type Holding = Tries &
  Asking & {
    command: Pick<DispatchCommand, "notAfter">;
    /** By the shard's clock, epoch ms. */
    nowMs: number;
    /** From 0 to 1: drawn anew each time, so that not all that are held come at once. */
    spread: number;
  };

/** `held`: all that may be asked; none where whoever may have the message is gone, or all refused it for ever. */
export function hold(held: readonly Held[], holding: Holding): Conclusion {
  const { command, nowMs, spread } = holding;
  if (held.length === 0) return lastWord(holding);
  const leftMs = command.notAfter - nowMs;
  const passed = held.reduce(note, holding.passed);
  const soonestMs = Math.min(...held.map(({ hindrance }) => hindrance?.retryAfterMs ?? 0));
  const delayMs = Math.min(soonestMs * (1 + spread / 2), Math.max(leftMs, 0));
  return { type: "retry", because: "held", delayMs, notice: null, passed };
}

function lastWord(holding: Tries & Asking): Conclusion {
  const refusal = finalRefusal(holding);
  if (!refusal) return answerLost("The connection that was called is gone.");
  const { errorCode, errorClass, errorText } = refusal;
  return { type: "report", word: { status: "REJECTED", errorCode, errorClass, errorText } };
}

/** Some of those that wait for a slot of their connection ask for it again, so long after at most. */
const PACED_MAX_MS = 60_000;

/** It comes again for its slot; `pacedMs` until then. */
export function waitForSlot(pacedMs: number, { passed, command, nowMs }: Holding): Conclusion {
  const leftMs = Math.max(command.notAfter - nowMs, 0);
  const delayMs = Math.min(pacedMs, PACED_MAX_MS, leftMs);
  return { type: "retry", because: "paced", delayMs, notice: null, passed };
}

/** What it is held by is told in the end, and keeps nobody from asking it later. */
function note(passed: Asking["passed"], { hindrance, ...asked }: Held): Asking["passed"] {
  if (!hindrance) return passed;
  const { code, text } = hindrance;
  const noted = passOver(passed, { type: "temporary", code, text }, asked);
  return noted.map((each) => (each.provider === asked.provider ? { ...each, isOut: false } : each));
}
