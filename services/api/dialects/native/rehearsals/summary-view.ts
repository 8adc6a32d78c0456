// Many rehearsals in one answer: an example of each ending, and what is worst.
import { endingOf } from "#libs/rehearsal/ending.ts";
import type { Rehearsed } from "#libs/rehearsal/rehearse.ts";
import type { AllRehearsed } from "#libs/rehearsal/rehearse-all.ts";
import { summarize } from "#libs/rehearsal/summarize.ts";
import { behavioursView, rehearsalView, type Stage } from "./rehearsal-view.ts";

/** One rehearsal as it is; of several, the example of each ending, and a summary. */
export function rehearsalsView({ rehearsals, reductions }: AllRehearsed, stage: Stage) {
  const [only, ...more] = rehearsals;
  if (only && more.length === 0) return { rehearsals: [rehearsalView(only, stage)] };
  const { endings, worst, slowest, duplicates } = summarize(rehearsals);
  const channelAt = (step: number) => worst.state.steps[step]?.channel;
  return {
    rehearsals: endings.map(({ example }) => rehearsalView(example, stage)),
    summary: {
      rehearsalCount: rehearsals.length,
      endings: endings.map(({ example: _example, ...group }, index) => ({
        ...group,
        rehearsalIndex: index,
      })),
      worst: durationView(worst),
      slowestSuccess: slowest && durationView(slowest),
      duplicates: {
        risk: duplicates.risk,
        by: duplicates.by.map(({ stepIndex, behaviour }) => {
          return { step: stepIndex, channel: channelAt(stepIndex), behaviour };
        }),
      },
      reduced: reductions.map(({ stepIndex, behaviours }) => {
        return { step: stepIndex, channel: channelAt(stepIndex), behaviours };
      }),
    },
  };
}

function durationView(rehearsed: Rehearsed) {
  return { durationMs: endingOf(rehearsed).durationMs, behaviours: behavioursView(rehearsed) };
}
