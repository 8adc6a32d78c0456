// What a fault means for the record, request or timer that met it. There are three answers:
//
//   RetriableError     may pass by itself: wait, back off, give the same again; nothing is committed
//   WaitsAloneError    a RetriableError that is no other record's: those behind it go on meanwhile
//   PoisonRecordError  will never pass: a dead letter at once, everything else goes on
//   anything else      a bug. It may pass, and it may be one record's alone: that record is tried by
//                      itself, three times, and then is a dead letter too. Only a bug that hits
//                      every record, many different ones in a row, ends the process.
//
// Code that handles records only throws; who holds the record decides (`libs/kafka/handle-chunk.ts`
// for what was consumed, `libs/apart.ts` for loops). Wrap what you do in `inStage`, so that the dead letter says where it was:
//
//   const entry = inStage("decode", () => journalEntry.decode(bytes));
//   await inStage("commit", () => store.commit(shard, transitions));
//
// A RetriableError passes through untouched, and of stages within stages the innermost one counts.

/**
 * So many different records in a row that fail by a bug are a broken process: more than a careless or
 * hostile sender has of one kind without a good one between; in a backlog it is reached within one
 * chunk, before any of them is given up.
 */
export const FAILURE_RUN_MAX = 100;

/** May succeed later: pause, back off, try again. Nothing is lost and nothing is committed. */
export class RetriableError extends Error {
  override name = "RetriableError";
}

/** May succeed later, and so may whatever waits for the same; what waits for nothing need not wait. */
export class WaitsAloneError extends RetriableError {
  override name = "WaitsAloneError";
  /** In words, such as `shard 3`: whatever waits for the same has the same. */
  readonly waitsFor: string;

  constructor(waitsFor: string, message: string) {
    super(message);
    this.waitsFor = waitsFor;
  }
}

/** Will never succeed: the record goes to the dead-letter topic with `reason`, the partition goes on. */
export class PoisonRecordError extends Error {
  override name = "PoisonRecordError";
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

/**
 * Where on its way a record was. `handle` is what nobody said more of; at `receipt` and `timer` it was no
 * record yet, but a carrier's post or an entry of the timers.
 */
export type Stage =
  | "read"
  | "decode"
  | "judge"
  | "decide"
  | "encode"
  | "commit"
  | "publish"
  | "dispatch"
  | "receipt"
  | "timer"
  | "handle";

/** A fault that trying again does not mend, with its stage. What was thrown is its `cause`. */
export class StageError extends Error {
  override name = "StageError";
  readonly stage: Stage;

  constructor(stage: Stage, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
  }
}

/** Does `work`; what it throws or rejects with is a StageError then, or a RetriableError as it was. */
export function inStage<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
export function inStage<T>(stage: Stage, work: () => T): T;
export function inStage(stage: Stage, work: () => unknown): unknown {
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw atStage(stage, error);
    });
  } catch (error) {
    throw atStage(stage, error);
  }
}

function atStage(stage: Stage, error: unknown): unknown {
  const isTold = error instanceof RetriableError || error instanceof StageError;
  return isTold ? error : new StageError(stage, error);
}

/** What a fault says of itself: for a dead letter, a log line, a metric. */
export type FaultReport = {
  stage: Stage;
  reason: string;
  /** Empty for poison, whose reason says it all. */
  stack: string;
  /** True where it can never succeed, so that trying again is of no use. */
  isPoison: boolean;
};

/** Describes any fault. */
export function reportFault(error: unknown): FaultReport {
  const stage = error instanceof StageError ? error.stage : "handle";
  const fault = error instanceof StageError ? error.cause : error;
  if (fault instanceof PoisonRecordError) {
    return { stage, reason: fault.reason, stack: "", isPoison: true };
  }
  const stack = fault instanceof Error ? (fault.stack ?? "") : "";
  return { stage, reason: String(fault), stack, isPoison: false };
}
