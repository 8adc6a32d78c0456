// What a gateway's answers mean: the first rule that fits decides.
import { type Static, Type } from "typebox";

const strict = { additionalProperties: false };

/** RFC 6901; "" is the whole. */
export const Pointer = Type.String({
  pattern: "^(/([^~/]|~[01])*)*$",
  patternWords: "must be a JSON pointer, which begins with /",
  maxLength: 200,
});
/** How much a pattern may ask for: `patterns.ts`. */
const Pattern = Type.String({ minLength: 1, maxLength: 200 });

/**
 * A text of an answer or receipt: at a pointer, or the whole body; with a pattern, its first group, or
 * all that fits where it has none.
 */
export const Selector = Type.Object(
  { jsonPointer: Type.Optional(Pointer), regex: Type.Optional(Pattern) },
  { ...strict, minProperties: 1 },
);
export type Selector = Static<typeof Selector>;

const When = Type.Object(
  {
    status: Type.Optional(
      Type.Array(
        Type.String({
          pattern: "^[1-5](\\d\\d|xx)$",
          patternWords: "must be an HTTP status, such as 404, or a class of them, such as 4xx",
        }),
        { minItems: 1, maxItems: 20 },
      ),
    ),
    jsonPointer: Type.Optional(Pointer),
    regex: Type.Optional(Pattern),
  },
  { ...strict, minProperties: 1 },
);

export const classNames = ["PERMANENT", "TEMPORARY", "CONSENT", "SENDER", "CONTENT"] as const;

const Rule = Type.Object(
  {
    when: When,
    means: Type.Enum(["accepted", "refused", "temporary", "unknown"]),
    errorClass: Type.Optional(
      Type.Enum(classNames, { description: "Of a refusal; absent: by `errorClasses`." }),
    ),
  },
  strict,
);
export type Rule = Static<typeof Rule>;

export const AnswerOptions = Type.Object(
  {
    rules: Type.Array(Rule, { minItems: 1, maxItems: 30 }),
    id: Type.Optional(
      Type.Unsafe<Selector>({
        ...Selector,
        description: "Absent: its receipts name the commandId that it was given.",
      }),
    ),
    code: Type.Optional(Selector),
    text: Type.Optional(Selector),
  },
  strict,
);
export type AnswerOptions = Static<typeof AnswerOptions>;

const Codes = Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 500 }));
/** A code of no class is UNKNOWN. */
export const ErrorClasses = Type.Object(
  { PERMANENT: Codes, TEMPORARY: Codes, CONSENT: Codes, SENDER: Codes, CONTENT: Codes },
  strict,
);
export type ErrorClasses = Static<typeof ErrorClasses>;
