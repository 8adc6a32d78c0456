// Rehearsals in the document: as `rehearsalView` and `rehearsalsView` show them. What does not apply
// is left out.
import { type TSchema, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { behaviours } from "#libs/providers/simulated/behaviour.ts";
import { OUTCOMES } from "../messages/list-query.ts";
import { ATTEMPT_STATUSES, Cost } from "../messages/message-schemas.ts";
import { Warnings } from "../messages/operations.ts";
import { Instant, strict } from "../openapi/answers.ts";
import { rehearsalExample } from "./rehearsal-example.ts";

const text = Type.Optional(Type.String());
const count = Type.Integer({ minimum: 0 });
const channel = Type.Optional(Type.Enum(channels));
const risk = Type.Enum(["none", "possible", "certain"], {
  description: "Whether the person may get the message more than once.",
});

const Assumed = Type.Object(
  { step: count, channel: Type.Enum(channels), behaviour: Type.Enum(behaviours) },
  { ...strict, title: "AssumedBehaviour" },
);

const ending = {
  outcome: Type.Enum(OUTCOMES),
  channel: Type.Optional(Type.Enum(channels, { description: "The one that got through." })),
  duplicate: Type.Boolean({ description: "Two attempts reached the recipient." }),
};

const Attempt = Type.Object(
  {
    attemptIndex: count,
    channel,
    status: Type.Optional(
      Type.Enum(ATTEMPT_STATUSES, { description: "The furthest word on it; absent: none came." }),
    ),
    startedAfterMs: Type.Integer({ description: "From the request on." }),
    endedAfterMs: Type.Optional(Type.Integer({ description: "From the request on." })),
    callCount: Type.Integer({ minimum: 0, description: "Calls of the carrier." }),
    errorCode: text,
    errorClass: text,
    segmentCount: Type.Optional(count),
    cost: Type.Optional(Cost),
  },
  { ...strict, title: "RehearsedAttempt" },
);

const Event = Type.Object(
  {
    afterMs: Type.Integer({ description: "From the request on." }),
    at: Type.Optional(Instant),
    type: Type.String(),
    rule: Type.String({ description: "The rule that decided it." }),
    attemptIndex: Type.Optional(count),
    channel,
    status: text,
    errorCode: text,
    text: Type.String({ description: "The event in a sentence." }),
  },
  { ...strict, title: "RehearsedEvent" },
);

const Rehearsal = Type.Object(
  {
    behaviours: Type.Array(Assumed, { description: "Of the steps that started." }),
    ...ending,
    durationMs: Type.Integer({ description: "From the first step until the first outcome." }),
    duplicateRisk: risk,
    duplicateReason: text,
    cost: Type.Optional(Cost),
    extraCost: Type.Optional(Cost),
    attempts: Type.Array(Attempt),
    story: Type.Array(Event, { description: "Everything that would be decided, and why." }),
  },
  { ...strict, title: "Rehearsal" },
);

const Duration = Type.Object(
  { durationMs: Type.Integer(), behaviours: Type.Array(Assumed) },
  { ...strict, title: "RehearsedDuration" },
);

const Summary = Type.Object(
  {
    rehearsalCount: count,
    endings: Type.Array(Type.Object({ ...ending, count, rehearsalIndex: count }, strict), {
      description: "The most frequent first, each with the example of it in `rehearsals`.",
    }),
    worst: Duration,
    slowestSuccess: Type.Optional(Duration),
    duplicates: Type.Object(
      { risk, by: Type.Array(Assumed, { description: "Steps that would be part of it." }) },
      strict,
    ),
    reduced: Type.Array(
      Type.Object(
        {
          step: count,
          channel: Type.Enum(channels),
          behaviours: Type.Array(Type.Enum(behaviours)),
        },
        strict,
      ),
      { description: "Steps that were only played with these, because it would be too many." },
    ),
  },
  { ...strict, title: "RehearsalSummary", description: "Of several: what they have in common." },
);

export const RehearsalAnswer: TSchema = Type.Object(
  {
    rehearsals: Type.Array(Rehearsal, { description: "Of several, an example of each ending." }),
    summary: Type.Optional(Summary),
    warnings: Warnings,
  },
  { ...strict, description: "How it would go.", examples: [rehearsalExample] },
);
