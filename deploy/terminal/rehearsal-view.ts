// Rehearsals as the API tells them, and as a person at a terminal reads them.
import { styleText } from "node:util";
import { type Static, Type } from "typebox";
import { channelName } from "#libs/story/wording.ts";
import { showCost, showOutcome } from "./colours.ts";
import { duration } from "./duration.ts";
import { showEvents } from "./story-view.ts";

const Behaviours = Type.Array(Type.Object({ channel: Type.String(), behaviour: Type.String() }));
const Risk = Type.Enum(["none", "possible", "certain"]);

const Rehearsal = Type.Object({
  behaviours: Behaviours,
  outcome: Type.String(),
  channel: Type.Optional(Type.String()),
  durationMs: Type.Number(),
  duplicateRisk: Risk,
  duplicateReason: Type.Optional(Type.String()),
  cost: Type.Optional(Type.Object({ amount: Type.Number(), currency: Type.String() })),
  story: Type.Array(
    Type.Object({
      afterMs: Type.Number(),
      type: Type.String(),
      text: Type.String(),
      channel: Type.Optional(Type.String()),
    }),
  ),
});
const Duration = Type.Object({ durationMs: Type.Number(), behaviours: Behaviours });

/** What is read of `POST /rehearsals`: one, or an example of each ending with a summary. */
export const Rehearsals = Type.Object({
  rehearsals: Type.Array(Rehearsal),
  summary: Type.Optional(
    Type.Object({
      rehearsalCount: Type.Integer(),
      endings: Type.Array(Type.Object({ count: Type.Integer(), rehearsalIndex: Type.Integer() })),
      worst: Duration,
      slowestSuccess: Type.Optional(Duration),
      duplicates: Type.Object({ risk: Risk, by: Behaviours }),
    }),
  ),
});

type Rehearsed = Static<typeof Rehearsal>;
type Summary = NonNullable<Static<typeof Rehearsals>["summary"]>;

/** The story of the only way, or every ending with its shortest way and what is worst. */
export function showRehearsals({ rehearsals, summary }: Static<typeof Rehearsals>): string {
  if (summary) return [...showEndings(rehearsals, summary), "", ...showWorst(summary)].join("\n");
  return rehearsals.flatMap(showRehearsal).join("\n");
}

function showRehearsal(rehearsal: Rehearsed): string[] {
  const { story, behaviours, durationMs, cost, duplicateReason } = rehearsal;
  const events = story.map(({ afterMs, ...event }) => {
    return { ...event, at: new Date(afterMs).toISOString(), outcome: rehearsal.outcome };
  });
  return [
    `${styleText("bold", "Rehearsal")}: ${showBehaviours(behaviours)}`,
    "",
    ...showEvents(events, 0),
    "",
    [
      showOutcome(rehearsal.outcome),
      `after ${duration(durationMs)}`,
      cost && `cost ${showCost(cost)}`,
    ]
      .filter(Boolean)
      .join(" · "),
    ...(duplicateReason === undefined ? [] : [styleText("yellow", duplicateReason)]),
  ];
}

function showEndings(rehearsals: readonly Rehearsed[], summary: Summary): string[] {
  const { rehearsalCount, endings } = summary;
  const lines = endings.flatMap(({ count, rehearsalIndex }) => {
    const rehearsal = rehearsals[rehearsalIndex];
    return rehearsal ? [showEnding(rehearsal, count)] : [];
  });
  return [
    `${styleText("bold", `${rehearsalCount} ways`)} through it, by how they end:`,
    "",
    ...lines,
  ];
}

function showEnding(rehearsal: Rehearsed, count: number): string {
  const { outcome, channel, durationMs, behaviours, duplicateRisk } = rehearsal;
  const ways = `${count} ${count === 1 ? "way" : "ways"}`.padStart(9);
  const by = channel === undefined ? "" : ` by ${channelName(channel)}`;
  const twice = duplicateRisk === "certain" ? styleText("yellow", ", reached twice") : "";
  const shortest = styleText("dim", `${duration(durationMs)}: ${showBehaviours(behaviours)}`);
  return `${ways}  ${showOutcome(outcome)}${by}${twice}\n${" ".repeat(11)}${shortest}`;
}

function showWorst({ worst, slowestSuccess, duplicates }: Summary): string[] {
  const slowest = [
    ...(slowestSuccess ? [`Slowest success: ${showDuration(slowestSuccess)}`] : []),
    `Slowest ending:  ${showDuration(worst)}`,
  ];
  if (duplicates.risk === "none") return [...slowest, "Nobody can get it twice."];
  const twice = `Getting it twice is ${duplicates.risk}: ${showBehaviours(duplicates.by, " or ")}.`;
  return [...slowest, styleText("yellow", twice)];
}

function showDuration({ durationMs, behaviours }: Static<typeof Duration>): string {
  return `${duration(durationMs)} (${showBehaviours(behaviours)})`;
}

function showBehaviours(all: Static<typeof Behaviours>, and = ", "): string {
  return all.map(({ channel, behaviour }) => `${channelName(channel)} ${behaviour}`).join(and);
}
