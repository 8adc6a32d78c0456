// What a status alone says: it is about our call, and never about the person.
import { describe, expect, it } from "vitest";
import { answerOfEnd } from "#libs/providers/answer-of-end.ts";

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
