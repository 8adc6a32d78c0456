// What a provider's answer leads to: a final report, or another try within `notAfter`. Pure.
import type { DispatchCommand, ErrorClass, StatusReport } from "#libs/contracts/generated/types.ts";
import type { PassedOver } from "#libs/dispatch-store/passed-over.ts";
import type { Asking, Tries } from "#libs/dispatch-store/replies.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { type Asked, mayPassOn, mayTakeItLater, newRound, passOver } from "./pass-on.ts";

/** 1 s, 2 s, 4 s ... 60 s: so a sender's limit of a minute has passed after six tries. */
const BACKOFF_MIN_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;

/** Of what a provider asks to wait: a command further off is taken for one that a wrong clock put off (take.lua). */
const WAIT_MAX_MS = 9 * 60_000;

/** Without an idempotency key a lost answer is repeated once: each repeat may be another copy. */
const REPEAT_COUNT_MAX = 1;

/** What a report says of the call, beside what the command says. */
export type Word = Pick<StatusReport, "status"> &
  Partial<
    Pick<
      StatusReport,
      | "providerMessageId"
      | "providerMessageIds"
      | "segmentCount"
      | "errorCode"
      | "errorClass"
      | "errorText"
    >
  >;

type Refusing = Extract<ProviderAnswer, { type: "refused" | "temporary" }>;

export type Conclusion =
  | { type: "report"; word: Word }
  /** `notice` is reported at once; it is not the last word. `passed`: who did not take it so far. */
  | {
      type: "retry";
      because: "refused" | "lost" | "passed-on" | "held" | "paced";
      delayMs: number;
      notice: Word | null;
      passed: readonly PassedOver[];
    };

export type Circumstances = Tries &
  Pick<Asking, "passed"> & {
    command: Pick<DispatchCommand, "notAfter" | "onUnknown">;
    /** By the shard's clock, epoch ms. */
    nowMs: number;
    takesIdempotencyKeys: boolean;
    /** Who was called. */
    asked: Asked;
    /** How many other connections may be asked now. */
    othersCount: number;
    timeScale: number;
  };

/**
 * What follows from a provider's answer: a report, or that the command is held, put off or given to
 * another connection. Never throws.
 */
export function conclude(answer: ProviderAnswer, circumstances: Circumstances): Conclusion {
  switch (answer.type) {
    case "accepted": {
      const { providerMessageId, partIds, segmentCount } = answer;
      const parts = partIds && partIds.length > 1 ? { providerMessageIds: [...partIds] } : {};
      const how = isSafeRepeat(circumstances) ? { errorText: REPEATED_BY_ID } : {};
      return report({ status: "ACCEPTED", providerMessageId, ...parts, segmentCount, ...how });
    }
    case "refused": {
      const { code: errorCode, errorClass, text: errorText } = answer;
      const refused = report({ status: "REJECTED", errorCode, errorClass, errorText });
      const last = mayHaveIt(answer, circumstances) ? answerLost(errorText) : refused;
      return again(answer, circumstances) ?? last;
    }
    case "temporary": {
      const { code: errorCode, text: errorText } = answer;
      const failed = report({ status: "FAILED", errorCode, errorClass: "TEMPORARY", errorText });
      const last = mayHaveIt(answer, circumstances) ? answerLost(errorText) : failed;
      return again(answer, circumstances) ?? last;
    }
    case "unknown":
      return concludeLost(answer, circumstances);
    case "late":
      // What may have been taken before must not be reported as expired.
      if (circumstances.lossCount > 0) return answerLost("There was no time for another call.");
      return report({ status: "EXPIRED", errorCode: "not-after" });
  }
}

/** The word on a lost answer that another call has brought after all. */
const REPEATED_BY_ID =
  "An answer was lost. The call was repeated with the message's own id, which the provider knows.";

function isSafeRepeat({ lossCount, takesIdempotencyKeys }: Circumstances): boolean {
  return lossCount > 0 && takesIdempotencyKeys;
}

/** A refusal for the recipient's or the content's sake: whoever was asked before would have said the same. */
const OF_THE_MESSAGE: ReadonlySet<ErrorClass> = new Set(["PERMANENT", "CONSENT", "CONTENT"]);

/**
 * True where an earlier call may have been taken: a repeat that is refused for its own sake (the time,
 * our account, a code that nobody knows: it may mean "I have it already") says nothing of that one,
 * unless the provider knows both as the same.
 */
function mayHaveIt(answer: Refusing, { lossCount, takesIdempotencyKeys }: Circumstances): boolean {
  if (lossCount === 0) return false;
  if (answer.type === "temporary" || answer.errorClass === "SENDER") return true;
  return !takesIdempotencyKeys && !OF_THE_MESSAGE.has(answer.errorClass);
}

/**
 * Another connection at once; where none is left, all that may take it later, after a pause.
 * Undefined: this was the last word.
 */
function again(answer: Refusing, circumstances: Circumstances): Conclusion | undefined {
  if (!mayPassOn(answer)) return undefined;
  const passed = passOver(circumstances.passed, answer, circumstances.asked);
  const retry = { type: "retry", notice: null } as const;
  if (circumstances.othersCount > 0 && isInTime(0, circumstances)) {
    return { ...retry, because: "passed-on", delayMs: 0, passed };
  }
  if (!mayTakeLater(answer) && !passed.some(mayTakeItLater)) {
    return undefined;
  }
  const backoff = backoffMs(circumstances.refusalCount, circumstances.timeScale);
  const asksToWait = answer.type === "temporary" ? (answer.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(backoff, Math.min(asksToWait, WAIT_MAX_MS));
  if (!isInTime(delayMs, circumstances)) return undefined;
  return { ...retry, because: "refused", delayMs, passed: newRound(passed) };
}

/** Credentials are mended within minutes, and the message is as good then as now. */
function mayTakeLater(answer: Refusing): boolean {
  return answer.type === "temporary" || answer.isLoginRefused === true;
}

/** The pause before another try, ms; `tryCount` tries came before this one. */
export function backoffMs(tryCount: number, timeScale: number): number {
  return Math.min(BACKOFF_MIN_MS * 2 ** tryCount, BACKOFF_MAX_MS) * timeScale;
}

/** The last word on an answer that stays lost. */
export function answerLost(errorText: string): Conclusion {
  return report({ status: "UNKNOWN", errorCode: "answer-lost", errorText });
}

type Lost = Extract<ProviderAnswer, { type: "unknown" }>;

function concludeLost({ text: errorText }: Lost, circumstances: Circumstances): Conclusion {
  const { command, lossCount, takesIdempotencyKeys, timeScale, passed } = circumstances;
  const delayMs = backoffMs(lossCount, timeScale);
  if (!isInTime(delayMs, circumstances)) return answerLost(errorText);
  const repeat = { type: "retry", because: "lost", delayMs, passed } as const;
  if (takesIdempotencyKeys) return { ...repeat, notice: null };
  if (command.onUnknown !== "REPEAT" || lossCount >= REPEAT_COUNT_MAX) return answerLost(errorText);
  const notice = { status: "UNKNOWN", errorCode: "answer-lost-repeated", errorText } as const;
  return { ...repeat, notice };
}

function isInTime(delayMs: number, { nowMs, command }: Circumstances): boolean {
  return nowMs + delayMs < command.notAfter;
}

function report(word: Word): Conclusion {
  return { type: "report", word };
}
