// How every error looks in the document.
import { Type } from "typebox";
import { problemCodes } from "../problem.ts";

const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What to do about it." }),
    code: Type.Enum(problemCodes),
    usedBy: Type.Optional(
      Type.Array(Type.String(), { description: "Settings that stand against the change." }),
    ),
  },
  { description: "RFC 9457, with a code that a program can tell apart." },
);

const example = {
  type: "urn:fallthrough:problem:not-found",
  title: "There is no such thing",
  status: 404,
  detail: "There is no account acme.",
  code: "not-found",
};

export const problemAnswer = {
  description: "What went wrong.",
  content: { "application/problem+json": { schema: ProblemBody, example } },
};
