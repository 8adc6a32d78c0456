// The two kinds of fault that a shell may handle. Anything else is a bug: it ends the process,
// commits nothing, and lets the orchestrator start it again.

/** May succeed later: pause, back off, try again. Nothing is lost and nothing is committed. */
export class RetriableError extends Error {
  override name = "RetriableError";
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
