import { expect, it } from "vitest";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import { answerOfTwilio } from "#libs/providers/twilio/answer.ts";

it.each(["1.5", "-1", "300", "1e9"])(
  "a message that was taken in %s segments stays taken, by a count that nobody knows",
  (num_segments) => {
    const body = { sid: "SM1", num_segments };
    const answer = answerOfTwilio({ statusCode: 201, body, retryAfterMs: 0 }, 1);
    expect(boundAnswer(answer!)).toEqual({
      type: "accepted",
      providerMessageId: "SM1",
      segmentCount: null,
    });
  },
);
