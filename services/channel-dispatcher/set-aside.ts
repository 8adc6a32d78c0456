// What becomes of a command that cannot be handled: a dead letter for a person, and a word on its attempt,
// so that no message waits for what nobody will send.
import { readOne } from "#libs/contracts/codec.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { routeOf } from "#libs/dispatch-rules/pass-on.ts";
import { wordOnSetAside } from "#libs/dispatch-rules/word-on-set-aside.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import { RetriableError } from "#libs/errors.ts";
import { keepAndPublish } from "./carry-out.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import { lastAsked } from "./end-uncalled.ts";
import { isForgotten } from "./may-be-called.ts";
import { reportCounter } from "./metrics.ts";
import { reportOfWord } from "./report-of-word.ts";
import { isRevocation } from "./revoke-left.ts";
import type { Route } from "./routes.ts";

/** `isAnswerLost`: a provider was called, or may have been, and its answer is not known; null: nobody could look. */
export type Hopeless = { error: unknown; isAnswerLost: boolean | null };

/**
 * Resolves once Kafka has the dead letter and the word, which is kept: a person who sends the command once more
 * has it said again, because its message has gone on. Rejects while Kafka or Redis is away: it may be
 * repeated, and then there may be two letters.
 */
export async function setAside(
  taken: Taken,
  { error, isAnswerLost }: Hopeless,
  deps: DispatchDeps,
): Promise<void> {
  const told = await lastWord(taken, isAnswerLost, deps);
  await deps.bury(taken, error);
  if (told) await keepAndPublish({ taken, command: told.command }, told, deps);
  await deps.lanes.forget(taken.commandId);
  deps.inHand.unanswered.delete(taken.commandId);
}

type Told = { command: DispatchCommand; report: Buffer; isUncalled: boolean };

/** None where one is kept, or nothing was to be sent; nor where what is wrong keeps it from being said. */
async function lastWord(
  taken: Taken,
  isAnswerLost: Hopeless["isAnswerLost"],
  deps: DispatchDeps,
): Promise<Told | undefined> {
  if (taken.verdict === "answered") return undefined;
  try {
    const command = await readOne(deps.commandCodec, taken.command);
    if (isRevocation(command)) return undefined;
    const isLost = isAnswerLost ?? taken.verdict === "abandoned";
    const mayHaveIt = isLost || taken.lossCount > 0 || isForgotten(command, taken);
    const report = encodeWord(mayHaveIt, { command, taken }, deps);
    return { command, report, isUncalled: !mayHaveIt };
  } catch (fault) {
    if (fault instanceof RetriableError) throw fault;
    deps.log.error({ err: fault, commandId: taken.commandId }, "nothing is told of a dead letter");
    return undefined;
  }
}

function encodeWord(
  mayHaveIt: boolean,
  { command, taken }: { command: DispatchCommand; taken: Taken },
  deps: DispatchDeps,
): Buffer {
  const called = deps.inHand.unanswered.get(command.commandId) ?? taken.called;
  const routes = routesOf(command, deps);
  const type = mayHaveIt ? "lost" : "call";
  const asked = lastAsked({ taken: { ...taken, called }, routes }, { type });
  const word = wordOnSetAside(mayHaveIt);
  reportCounter.inc({ channel: deps.channel, status: word.status });
  const route = routeOf(taken.passed, asked);
  const how = { provider: asked.provider, route, nowMs: Date.now() };
  return deps.reportCodec.encode(reportOfWord(word, command, how));
}

/** What fails may be just that: then nobody knows who would have been asked. */
function routesOf(command: DispatchCommand, { routesFor }: DispatchDeps): readonly Route[] {
  try {
    return routesFor(command);
  } catch {
    return [];
  }
}
