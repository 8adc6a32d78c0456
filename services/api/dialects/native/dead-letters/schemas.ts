// What the routes of dead letters take and answer.
import { type TSchema, Type } from "typebox";
import { letterSources } from "#libs/dead-letters/letter.ts";
import { stageAdvice } from "#libs/dead-letters/stages.ts";
import { Instant, strict } from "../openapi/answers.ts";
import { adminOperation } from "../settings/schemas.ts";
import { LetterQuery, STATES } from "./letter-query.ts";

/** Put back one after the other, some 20 ms each: an answer within the 10 s that clients wait. */
const SETTLED_COUNT_MAX = 100;

const id = "status-reports-dlt.0.17";
const text = Type.Optional(Type.String());

const summary = {
  id: Type.String({ description: "Dead-letter topic, partition and offset." }),
  topic: Type.Enum([...letterSources], { description: "The topic that it was for." }),
  at: Type.String({ format: "date-time", description: "When it was set aside." }),
  key: text,
  stage: Type.Optional(Type.Enum(Object.keys(stageAdvice))),
  reason: Type.String({ description: "Why; phone numbers in it are masked." }),
  bytes: Type.Optional(Type.Integer({ description: "Of its value; none: nothing was kept." })),
  state: Type.Enum(STATES.filter((state) => state !== "all")),
  markedAt: Type.Optional(Instant),
  markedBy: Type.Optional(Type.String({ description: "Account and id of the key." })),
  replayCount: Type.Integer({ description: "How often this content was put back on its topic." }),
};

const Source = Type.Object(
  { partition: Type.String(), offset: Type.String(), lastOffset: text, group: Type.String() },
  { ...strict, description: "Where it lay, of what a consumer read. -1: a queue had it." },
);
const Value = Type.Union([
  Type.Object({ schema: Type.String(), json: Type.Unknown() }, strict),
  Type.Object({ hex: Type.String({ description: "The first 512 bytes." }) }, strict),
]);

const example = {
  id,
  topic: "status-reports",
  at: "2026-11-29T20:15:00.000Z",
  key: "0197a7c2-1d3e-7a41-9c55-3f1b2a4c5d6e",
  stage: "decide",
  reason: "TypeError: Cannot read properties of undefined",
  bytes: 118,
  state: "open",
  replayCount: 0,
};
const shown = {
  ...example,
  advice: stageAdvice.decide,
  replayEffect: "Its message takes the report, however late.",
  source: { partition: "3", offset: "8120", group: "status-report-consumer" },
  headers: {},
  value: { schema: "status-report", json: { status: "DELIVERED", errorText: null } },
};

const Summary = Type.Object(summary, { ...strict, title: "DeadLetterSummary" });
const Shown: TSchema = Type.Object(
  {
    ...summary,
    advice: Type.String({ description: "What to do about it." }),
    replayEffect: Type.Optional(Type.String({ description: "What putting it back leads to." })),
    notReplayed: Type.Optional(
      Type.String({ description: "Why it is not put back (without force)." }),
    ),
    source: Type.Optional(Source),
    missing: Type.Optional(Type.String({ description: "What of the record could not be kept." })),
    stack: Type.Optional(Type.String({ description: "Of a bug: the way to it." })),
    headers: Type.Record(Type.String(), Type.String()),
    value: Type.Optional(Value),
  },
  {
    ...strict,
    title: "DeadLetter",
    description: "What persons said or are called by is masked.",
    examples: [shown],
  },
);
const Page: TSchema = Type.Object(
  { items: Type.Array(Summary), nextCursor: text },
  {
    ...strict,
    description: "A page may be short, or empty, and have a next one: each looks at 2,000 a topic.",
    examples: [{ items: [example] }],
  },
);
const Settled: TSchema = Type.Object(
  {
    doneCount: Type.Integer(),
    items: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          done: Type.Boolean(),
          why: Type.Optional(Type.String({ description: "Why not." })),
        },
        strict,
      ),
    ),
  },
  {
    ...strict,
    description: "What was done with each.",
    examples: [{ doneCount: 1, items: [{ id, done: true }] }],
  },
);

const ids = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: SETTLED_COUNT_MAX,
});

const operation = (name: string, words: string) => adminOperation("Dead letters", name, words);

export const listLetters = {
  ...operation("listDeadLetters", "List records that nobody could handle, newest first"),
  querystring: LetterQuery,
  response: { 200: Page },
  problems: ["unavailable"],
} as const;

export const readLetter = {
  ...operation("getDeadLetter", "Show a dead letter, and what to do about it"),
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, examples: [id] }) }),
  response: { 200: Shown },
  problems: ["not-found", "unavailable"],
} as const;

export const replayLetters = {
  ...operation("replayDeadLetters", "Put dead letters back on their topics, each once"),
  body: Type.Object(
    {
      ids,
      force: Type.Boolean({
        default: false,
        description:
          "Also those that were put back or dropped, and what has come back three times.",
      }),
    },
    { ...strict, examples: [{ ids: [id] }] },
  ),
  response: { 200: Settled },
  problems: ["unavailable"],
} as const;

export const dropLetters = {
  ...operation("dropDeadLetters", "Mark dead letters as dealt with: a list leaves them out"),
  body: Type.Object({ ids }, { ...strict, examples: [{ ids: [id] }] }),
  response: { 200: Settled },
  problems: ["unavailable"],
} as const;
