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

/** What a group says to a member about its place, whoever its coordinator is. */
const OF_GROUP = new Set([
  "FENCED_INSTANCE_ID",
  "ILLEGAL_GENERATION",
  "MEMBER_ID_REQUIRED",
  "REBALANCE_IN_PROGRESS",
  "UNKNOWN_MEMBER_ID",
]);
/** What no patience mends, of all that a broker says and calls lasting. */
const LASTING_OF_GROUP = new Set([
  "GROUP_AUTHORIZATION_FAILED",
  "INCONSISTENT_GROUP_PROTOCOL",
  "INVALID_GROUP_ID",
  "INVALID_SESSION_TIMEOUT",
  "TOPIC_AUTHORIZATION_FAILED",
]);

/** True for what a group says about a member's place in it. */
export function isOfGroup(error: unknown): boolean {
  return saidOf(error).some((apiId) => OF_GROUP.has(apiId));
}

/** True where the group is being dealt out anew, and waits for the member. */
export function isRebalancing(error: unknown): boolean {
  return saidOf(error).includes("REBALANCE_IN_PROGRESS");
}

/** False where the group does not know the member any more. */
export function isKnown(error: unknown): boolean {
  const said = saidOf(error);
  return !said.includes("UNKNOWN_MEMBER_ID") && !said.includes("FENCED_INSTANCE_ID");
}

/** The id that a group gives to who has none yet. */
export function memberIdGiven(error: unknown): string | undefined {
  if (!saidOf(error).includes("MEMBER_ID_REQUIRED") || !(error instanceof Error)) return undefined;
  const response: unknown = Reflect.get(error, "response");
  if (typeof response !== "object" || response === null) return undefined;
  const memberId: unknown = Reflect.get(response, "memberId");
  return typeof memberId === "string" ? memberId : undefined;
}

/** True for what a reader waits out: what the broker or the network has said, unless it will say so for ever. */
export function mayPass(error: unknown): boolean {
  if (error instanceof RetriableError) return true;
  if (isLoginRefused(error) || saidOf(error).some((apiId) => LASTING_OF_GROUP.has(apiId)))
    return false;
  return causesOf(error).some(isOutside);
}

/** As `toFault` of `faults.ts`, of what is no record's fault. */
export function toReadFault(error: unknown, doing: string): Error {
  const words = causesOf(error).map((each) =>
    each instanceof Error ? each.message : String(each),
  );
  const cause = error;
  if (!causesOf(error).some(isOutside))
    return new Error(`Cannot ${doing}: ${words.join("; ")}`, { cause });
  return new RetriableError(`Kafka could not ${doing}: ${words.join("; ")}`, { cause });
}

/** The names of the errors that a broker has answered with. */
function saidOf(error: unknown): string[] {
  return causesOf(error).flatMap((each) => {
    const apiId: unknown = each instanceof Error ? Reflect.get(each, "apiId") : undefined;
    return typeof apiId === "string" ? [apiId] : [];
  });
}
