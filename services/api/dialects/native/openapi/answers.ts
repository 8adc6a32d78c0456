// Parts of the documented answers that many routes share.
import { type TSchema, Type } from "typebox";

export const strict = { additionalProperties: false };

export const Instant = Type.String({ format: "date-time" });

/** Beside a problem: all that is wrong with a body. */
export const Faults = Type.Optional(
  Type.Array(
    Type.Object(
      {
        code: Type.String(),
        path: Type.String({ description: "JSON pointer into the body; empty: the whole." }),
        detail: Type.String({ description: "Stands behind the path." }),
      },
      { ...strict, title: "Fault" },
    ),
    { description: "All that is wrong with the body; the problem's code is that of the first." },
  ),
);

/** Which version a change means; read by `parseExpected`. */
export const Preconditions = Type.Object({
  "if-match": Type.Optional(
    Type.String({ description: "ETag of the version that is changed, or `*`." }),
  ),
  "if-none-match": Type.Optional(
    Type.String({ description: "`*`: only if there is none yet, as without both headers." }),
  ),
});

/** For changes of what must be there. */
export const ChangePreconditions = Type.Object({
  "if-match": Type.String({
    description: "ETag of the version that is changed, or `*`.",
    examples: ["*"],
  }),
});

export const NoContent: TSchema = Type.Null({ description: "It is gone." });

/** A list, with one item as its example. */
export function listOf(Item: TSchema, example: object): TSchema {
  return Type.Object(
    { items: Type.Array(Item) },
    { ...strict, description: "All of them.", examples: [{ items: [example] }] },
  );
}
