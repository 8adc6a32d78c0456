import { expect, it } from "vitest";
import {
  inStage,
  PoisonRecordError,
  RetriableError,
  reportFault,
  type Stage,
  StageError,
} from "#libs/errors.ts";

const fail = (error: unknown) => () => {
  throw error;
};

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it("gives what work returns, at once or later", async () => {
  expect(inStage("decide", () => 1)).toBe(1);
  expect(await inStage("decide", async () => 2)).toBe(2);
});

it("marks what is thrown, or rejected with, with the stage", async () => {
  const bug = new TypeError("a bug");
  expect(caught(() => inStage("decide", fail(bug)))).toMatchObject({ stage: "decide", cause: bug });
  const later = inStage("commit", async () => fail(bug)());
  await expect(later).rejects.toMatchObject({ stage: "commit", cause: bug });
});

it("lets what may pass through as it is", async () => {
  const away = new RetriableError("away");
  expect(caught(() => inStage("decide", fail(away)))).toBe(away);
  await expect(inStage("decide", async () => fail(away)())).rejects.toBe(away);
});

it("keeps the innermost stage", () => {
  const error = caught(() => inStage("decide", () => inStage("decode", fail(new Error("x")))));
  expect((error as StageError).stage).toBe("decode");
});

it.each<[unknown, Stage, string, boolean]>([
  [new PoisonRecordError("It is odd."), "handle", "It is odd.", true],
  [new StageError("decode", new PoisonRecordError("It is odd.")), "decode", "It is odd.", true],
  [new StageError("decide", new TypeError("a bug")), "decide", "TypeError: a bug", false],
  [new TypeError("a bug"), "handle", "TypeError: a bug", false],
  ["thrown text", "handle", "thrown text", false],
  [undefined, "handle", "undefined", false],
])("reports %s at its stage, with its reason", (error, stage, reason, isPoison) => {
  expect(reportFault(error)).toMatchObject({ stage, reason, isPoison });
});

it("reports a bug with the stack of where it was", () => {
  const { stack } = reportFault(new StageError("decide", new TypeError("a bug")));
  expect(stack).toContain("errors.test.ts");
});
