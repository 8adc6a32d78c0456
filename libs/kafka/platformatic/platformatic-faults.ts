// What @platformatic/kafka's errors are for the house. One of them may stand for many: of brokers, tries, partitions.
import { loginRefusal, tlsRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";
import { KAFKA } from "../connect-fault.ts";
import { LASTING } from "../faults.ts";

/** What the broker or the network has said, whatever that was caused by. */
const OUTSIDE = new Set([
  "PLT_KFK_AUTHENTICATION",
  "PLT_KFK_NETWORK",
  "PLT_KFK_PROTOCOL",
  "PLT_KFK_TIMEOUT",
]);
/** Also what a topic that no broker knows is told by, and what fails inside the client: then with a cause. */
const USER = "PLT_KFK_USER";

/** As `toFault` of `faults.ts`, where some records were refused, and nothing else was at fault, too. */
export function toSendFault(error: unknown): Error {
  if (error instanceof RetriableError) return error;
  const causes = causesOf(error);
  const refusal = causes.map(refusalOf).find((type) => type !== undefined);
  const isWaitedFor = causes.some((cause) => isOutside(cause) && refusalOf(cause) === undefined);
  const cause = error;
  if (isWaitedFor) {
    const words = causes.map((each) => (each instanceof Error ? each.message : String(each)));
    return new RetriableError(`Kafka could not take records: ${words.join("; ")}`, { cause });
  }
  if (refusal !== undefined) {
    return new Error(`Kafka refuses take records: ${refusal}`, { cause });
  }
  return new Error(`Cannot take records: ${String(error)}`, { cause });
}

/** As `toConnectFault` of `connect-fault.ts`. */
export function toConnectFault(errors: readonly unknown[]): Error {
  const causes = errors.flatMap(causesOf);
  if (causes.some(isLoginRefused)) return loginRefusal(KAFKA);
  const refusal = causes.map((each) => tlsRefusal(each, KAFKA)).find((each) => each !== undefined);
  return refusal ?? new RetriableError("Kafka cannot be reached", { cause: errors[0] });
}

/** The single errors that an error stands for. */
function causesOf(error: unknown): unknown[] {
  if (error instanceof AggregateError) return error.errors.flatMap(causesOf);
  return [error];
}

/** What a login ends by that nobody has answered: the client calls that a failed one, too. */
const UNANSWERED = new Set(["PLT_KFK_NETWORK", "PLT_KFK_TIMEOUT"]);

/** True where the broker does not take who we say we are. */
function isLoginRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const causes = causesOf(error.cause);
  if (codeOf(error) === "PLT_KFK_AUTHENTICATION") return !causes.some(isUnanswered);
  return causes.some(isLoginRefused);
}

function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return UNANSWERED.has(codeOf(error) ?? "") || causesOf(error.cause).some(isUnanswered);
}

function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("apiId" in error)) return undefined;
  const { apiId } = error;
  return typeof apiId === "string" && LASTING.has(apiId) ? apiId : undefined;
}

function isOutside(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code === USER && error.cause === undefined) return true;
  if (code !== undefined && OUTSIDE.has(code)) return true;
  return error.cause === undefined ? "syscall" in error : causesOf(error.cause).some(isOutside);
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
