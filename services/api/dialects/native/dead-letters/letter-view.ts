// A dead letter as the operator is shown it. Whatever others wrote is masked like any personal data.
import type { DeadLetterState } from "#libs/contracts/generated/types.ts";
import { cutText } from "#libs/cut-text.ts";
import type { Stood } from "#libs/dead-letters/dead-letters.ts";
import type { Letter, LetterHead } from "#libs/dead-letters/letter.ts";
import { replaysOf, whyNeverReplayed, whyNotReplayed } from "#libs/dead-letters/replays.ts";
import { maskNumbers, type ShownValue } from "#libs/dead-letters/show-value.ts";
import { stageAdvice, UNKNOWN_STAGE_ADVICE } from "#libs/dead-letters/stages.ts";
import { textHeaders } from "#libs/kafka/headers.ts";
import { showInstant } from "#libs/show-instant.ts";

/** Of a list, where a reason stands in a line. */
const SHORT_REASON_LENGTH = 200;
const HEADER_COUNT_MAX = 50;
const HEADER_LENGTH_MAX = 200;

/** One of a list. */
export function letterSummary({ key, standing, ...letter }: Stood<LetterHead>) {
  const { id, topic, at, stage, reason, byteCount } = letter;
  const { state, markedAt, markedBy, replayCount } = standing;
  return {
    id,
    topic,
    at: showInstant(at),
    key: key && maskNumbers(key.toString()),
    stage,
    reason: cutText(maskNumbers(reason), SHORT_REASON_LENGTH),
    bytes: byteCount,
    state: stateWord(state),
    markedAt: markedAt === null ? null : showInstant(markedAt),
    markedBy,
    replayCount,
  };
}

/** All that is known of one, and what to do about it. */
export function letterView(letter: Stood<Letter>, value: ShownValue | null) {
  const { stage, reason, source, missing, stack, topic, standing } = letter;
  return {
    ...letterSummary(letter),
    reason: maskNumbers(reason),
    advice: stage === null ? UNKNOWN_STAGE_ADVICE : stageAdvice[stage],
    replayEffect: replaysOf[topic]?.effect ?? null,
    notReplayed: whyNeverReplayed(letter) ?? whyNotReplayed(standing),
    source,
    missing,
    stack: stack && maskNumbers(stack),
    headers: headersOf(letter),
    value,
  };
}

/** In the words of the API. What a newer program has marked is told as it is: nobody has dealt with it. */
export function stateWord(state: DeadLetterState) {
  switch (state) {
    case "REPLAYING":
      return "replaying";
    case "REPLAYED":
      return "replayed";
    case "DROPPED":
      return "dropped";
    case "OPEN":
    case "UNKNOWN":
      return "open";
  }
}

/** Those of the record; what ours say stands beside them. */
function headersOf({ headers }: Letter): Record<string, string> {
  const own = Object.entries(textHeaders(headers)).filter(([name]) => !name.startsWith("ft-dlt-"));
  const shown = own.slice(0, HEADER_COUNT_MAX).map(([name, text]) => {
    return [cutText(name, HEADER_LENGTH_MAX), cutText(maskNumbers(text), HEADER_LENGTH_MAX)];
  });
  return Object.fromEntries(shown);
}
