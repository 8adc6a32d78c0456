// Dead letters in a terminal: a line each, or one in full. What others wrote in them has come through
// `printableValue` before it gets here.
import { styleText } from "node:util";
import { type Static, Type } from "typebox";

const text = Type.Optional(Type.String());

export const LetterSummary = Type.Object({
  id: Type.String(),
  topic: Type.String(),
  at: Type.String(),
  key: text,
  stage: text,
  reason: Type.String(),
  bytes: Type.Optional(Type.Integer()),
  state: Type.String(),
  markedAt: text,
  markedBy: text,
  replayCount: Type.Integer(),
});
export type LetterSummary = Static<typeof LetterSummary>;

export const Letter = Type.Object({
  ...LetterSummary.properties,
  advice: Type.String(),
  replayEffect: text,
  notReplayed: text,
  source: Type.Optional(Type.Record(Type.String(), Type.String())),
  missing: text,
  stack: text,
  headers: Type.Record(Type.String(), Type.String()),
  value: Type.Optional(Type.Unknown()),
});
export type Letter = Static<typeof Letter>;

/** Two lines: where and when, and why. */
export function showLetterSummary(letter: LetterSummary): string {
  const { id, at, key = "", stage = "?", reason, state } = letter;
  const standing = state === "open" ? "" : styleText("yellow", ` ${state}`);
  const head = `${id.padEnd(28)} ${styleText("dim", at)} ${stage}${standing} ${sizeOf(letter)}`;
  return `${`${head} ${key}`.trimEnd()}\n    ${reason}`;
}

/** Everything, with what to do about it. */
export function showLetter(letter: Letter): string {
  const { id, topic, at, key, stage = "not said", reason, advice, stack, missing } = letter;
  const rows: [string, string | undefined][] = [
    ["for", topic],
    ["at", at],
    ["key", key],
    ["lay at", letter.source && pairs(letter.source)],
    ["stage", stage],
    ["reason", reason],
    ["state", standingOf(letter)],
    ["bytes", sizeOf(letter)],
    ["missing", missing],
    ["headers", pairs(letter.headers) || undefined],
    ["what to do", advice],
    ["a replay", letter.replayEffect],
    ["but not", letter.notReplayed],
  ];
  const lines = rows.flatMap(([name, words]) =>
    words === undefined ? [] : [`${name.padEnd(11)} ${words}`],
  );
  const value = letter.value === undefined ? [] : ["", JSON.stringify(letter.value, null, 2)];
  // It came as one line, with its line ends by their code; set in, so that none of them forges one of ours.
  const trace = stack === undefined ? [] : ["", `    ${stack.replaceAll("\\u000a", "\n    ")}`];
  return [styleText("bold", id), ...lines, ...trace, ...value].join("\n");
}

function sizeOf({ bytes }: LetterSummary): string {
  return bytes === undefined ? "no bytes kept" : `${bytes} B`;
}

function standingOf({ state, markedAt, markedBy, replayCount }: LetterSummary): string {
  const since = markedAt === undefined ? "" : ` since ${markedAt} by ${markedBy}`;
  const times = replayCount === 0 ? "" : `, put back ${replayCount} times`;
  return `${state}${since}${times}`;
}

function pairs(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, words]) => `${name}=${words}`)
    .join(" ");
}
