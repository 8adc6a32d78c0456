// Every way in which a message may go, as far as its carriers are not assumed to behave in one way.
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import { type Assumptions, type Candidates, candidatesOf } from "./assumptions.ts";
import type { Message } from "./message.ts";
import { type Rehearsed, rehearse } from "./rehearse.ts";

/** Six behaviours at each of three steps: more steps than that are rare, and one answer stays small. */
export const REHEARSAL_COUNT_MAX = 216;

export type Reduction = { stepIndex: number; behaviours: readonly Behaviour[] };
export type AllRehearsed = {
  /** At least one, 216 at most. */
  rehearsals: readonly Rehearsed[];
  /** Steps that were not played with every essential behaviour. */
  reductions: readonly Reduction[];
};

/**
 * Plays `message` with every combination of behaviours. A step that does not start adds none. Where
 * there would be more than 216, the later steps are played with fewer behaviours.
 */
export function rehearseAll(message: Message, assumed: Assumptions): AllRehearsed {
  const { steps } = message.input;
  const candidates = steps.map((step, index) => candidatesOf(step, index, assumed));
  let rehearsals = [
    rehearse(
      message,
      candidates.map(({ first }) => first),
    ),
  ];
  const reductions: Reduction[] = [];
  for (const [stepIndex, each] of candidates.entries()) {
    const [starting, others] = split(rehearsals, stepIndex);
    if (starting.length === 0) break;
    const behaviours = fitting(each, starting.length, others.length);
    if (behaviours !== each.behaviours) reductions.push({ stepIndex, behaviours });
    rehearsals = [...starting.flatMap(playedWith(message, stepIndex, behaviours)), ...others];
  }
  return { rehearsals, reductions };
}

function playedWith(message: Message, stepIndex: number, behaviours: readonly Behaviour[]) {
  return (played: Rehearsed): Rehearsed[] =>
    behaviours.map((behaviour) =>
      played.behaviours[stepIndex] === behaviour
        ? played
        : rehearse(message, played.behaviours.with(stepIndex, behaviour)),
    );
}

/** Those in which the step starts, and those in which it does not: later behaviours change neither. */
function split(all: readonly Rehearsed[], stepIndex: number): [Rehearsed[], Rehearsed[]] {
  const isStarting = ({ state }: Rehearsed) => state.attempts.length > stepIndex;
  return [all.filter(isStarting), all.filter((each) => !isStarting(each))];
}

function fitting({ behaviours, reductions }: Candidates, starting: number, others: number) {
  const choices = [behaviours, ...reductions];
  const fits = choices.find((each) => starting * each.length + others <= REHEARSAL_COUNT_MAX);
  return fits ?? choices.at(-1) ?? behaviours;
}
