// What a status alone says: it is about our call, and never about the person.
import { describe, expect, it } from "vitest";
import { answerOfEnd, type ReadAnswer } from "#libs/providers/answer-of-end.ts";
import { classesBy, readingAnswers } from "#libs/providers/generic-http/answer.ts";
import { answerOfInfobip } from "#libs/providers/infobip/answer.ts";
import { answerOfVonage } from "#libs/providers/vonage/answer.ts";

function answerOf(statusCode: number, text = "<html>") {
  const end = { type: "answered", statusCode, text, retryAfterMs: 3_000 } as const;
  return answerOfEnd(end, () => undefined);
}

describe("a status whose body says nothing", () => {
  it.each([401, 402, 403, 404, 405, 406, 407, 410, 418, 421, 426, 451, 501, 505])(
    "%i is our account's, key's or address's fault",
    (status) => {
      const answer = { type: "refused", code: `http-${status}`, errorClass: "SENDER" };
      expect(answerOf(status)).toMatchObject(answer);
    },
  );

  it.each([413, 414, 415, 431])("%i is about what was said", (status) => {
    expect(answerOf(status)).toMatchObject({ type: "refused", errorClass: "CONTENT" });
  });

  it.each([400, 409, 422])("%i refuses, and nobody can tell why", (status) => {
    expect(answerOf(status)).toMatchObject({ type: "refused", errorClass: "UNKNOWN" });
  });

  it.each([408, 425, 429, 503])(
    "%i may succeed later, after what the carrier asks for",
    (status) => {
      expect(answerOf(status)).toMatchObject({ type: "temporary", retryAfterMs: 3_000 });
    },
  );

  it.each([301, 302, 307, 308])("%i did nothing: the call belongs elsewhere", (status) => {
    expect(answerOf(status)).toMatchObject({ type: "refused", errorClass: "SENDER" });
  });

  it.each([200, 202, 204, 300, 303, 304, 500, 502, 504, 599])(
    "%i may have taken the message",
    (status) => {
      expect(answerOf(status)).toMatchObject({ type: "unknown" });
    },
  );
});

/** Within what is read of an answer, 64 KiB. */
const LEVELS = 30_000;
const deep = `${"[".repeat(LEVELS)}${"]".repeat(LEVELS)}`;

const ownWords = { jsonPointer: "/deep" };
const generic = readingAnswers(
  { rules: [{ when: { jsonPointer: "/title" }, means: "refused" }], text: ownWords },
  classesBy(),
)({ commandId: "c", segmentCount: 1 });
const called = { messageId: "m", segmentCount: 1 };
const readers: [string, ReadAnswer, string][] = [
  ["infobip", (each) => answerOfInfobip(each, called), "violations"],
  ["vonage", (each) => answerOfVonage(each, 1), "invalid_parameters"],
  ["generic-http", generic, "deep"],
];

describe.each(readers)("a body of %s that is nested 30,000 levels deep", (_name, read, member) => {
  const said = `{"errorCode":"E400","description":"No.","title":"No.","${member}":${deep}}`;

  it.each([
    [400, "refused"],
    [429, "temporary"],
  ])("leaves it to the status (%i)", (statusCode, type) => {
    const end = { type: "answered", statusCode, text: said, retryAfterMs: 0 } as const;
    expect(answerOfEnd(end, read)).toMatchObject({ type, code: `http-${statusCode}` });
  });
});

const failing: ReadAnswer = () => {
  throw new TypeError("no such member");
};

it("an answer that cannot be read is the status's, whatever stands in the way", () => {
  const end = { type: "answered", statusCode: 200, text: "{}", retryAfterMs: 0 } as const;
  expect(answerOfEnd(end, failing)).toMatchObject({ type: "unknown" });
});
