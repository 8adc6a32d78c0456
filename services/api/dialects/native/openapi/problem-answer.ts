// How errors look in the document: per status, with the codes that can come.
import { Type } from "typebox";
import { type ProblemCode, problemCodes, problemKind } from "#libs/dialects/native/problem.ts";
import { Faults } from "./answers.ts";

const ProblemBody = Type.Object(
  {
    type: Type.String({ description: "`urn:fallthrough:problem:` and the code." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "What to do about it." }),
    code: Type.Enum(problemCodes),
    usedBy: Type.Optional(
      Type.Array(Type.String(), { description: "Settings that stand against the change." }),
    ),
    faults: Faults,
    vendorAnswer: Type.Optional(
      Type.Object(
        { status: Type.Integer(), body: Type.Object({}) },
        { description: "What a client of the rehearsed request's dialect would be answered." },
      ),
    ),
  },
  { title: "Problem", description: "RFC 9457, with a code that a program can tell apart." },
);

export const PROBLEM_TYPE = "application/problem+json";

/** What the HTTP layer says of any body, with the code `bad-request`. */
const BODY_STATUSES = {
  413: "The body is too large.",
  415: "The content type is not application/json.",
};

/** The answers that end with one of these codes, by status. */
export function problemAnswers(codes: ReadonlySet<ProblemCode>): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => String(problemKind(code).status));
  const answers = [...byStatus].map(([status, some]) => [status, answerOf(status, some)]);
  return Object.fromEntries(answers);
}

/** The same for what a body can be refused with before it is read. */
export function bodyAnswers(): Record<string, object> {
  const answers = Object.entries(BODY_STATUSES).map(([status, description]) => {
    return [status, { ...answerOf(status, ["bad-request"]), description }];
  });
  return Object.fromEntries(answers);
}

function answerOf(status: string, codes: readonly ProblemCode[]) {
  const told = codes.map((code) => `\`${code}\`: ${problemKind(code).title}.`);
  const schema = {
    allOf: [ProblemBody],
    properties: { status: { const: Number(status) }, code: { enum: codes } },
  };
  const examples = codes.map((code) => [code, { value: exampleOf(code, Number(status)) }]);
  const media = { schema, examples: Object.fromEntries(examples) };
  return { description: told.join("\n\n"), content: { [PROBLEM_TYPE]: media } };
}

function exampleOf(code: ProblemCode, status: number) {
  const { title } = problemKind(code);
  const type = `urn:fallthrough:problem:${code}`;
  return { type, title, status, detail: "Says what to do about it.", code };
}
