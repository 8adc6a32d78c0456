// What the rules of a connection make of a gateway's answers.
import { expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";
import { answerOfEnd } from "#libs/providers/answer-of-end.ts";
import { GenericOptions } from "#libs/providers/generic-http/access.ts";
import { classesBy, readingAnswers } from "#libs/providers/generic-http/answer.ts";
import { gatewayOptions } from "#test/support/gateway-options.ts";

const own = { commandId: "m:0", segmentCount: 2 };

function answered(statusCode: number, said: object | string | null, more: object = {}) {
  const options = parseGiven(GenericOptions, gatewayOptions("https://gw.example", more));
  const read = readingAnswers(options.answer, classesBy(options.errorClasses));
  const text = said === null || typeof said === "string" ? said : JSON.stringify(said);
  return answerOfEnd({ type: "answered", statusCode, text, retryAfterMs: 3_000 }, read(own));
}

const failed = (code: unknown) => ({ error: { code, message: "Why" } });

it("takes the id where the connection says that it is, of nineteen digits too", () => {
  expect(answered(202, { messages: [{ id: "g1" }] })).toEqual({
    type: "accepted",
    providerMessageId: "g1",
    segmentCount: 2,
  });
  expect(answered(200, '{"messages":[{"id":7234567890123456789}]}')).toMatchObject({
    providerMessageId: "7234567890123456789",
  });
});

it("goes by the first rule that fits, and classes a refusal by its code", () => {
  expect(answered(200, failed(101))).toEqual({
    type: "temporary",
    code: "101",
    text: "Why",
    retryAfterMs: 3_000,
  });
  expect(answered(400, failed(404))).toEqual({
    type: "refused",
    code: "404",
    text: "Why",
    errorClass: "PERMANENT",
  });
  expect(answered(422, failed("410"))).toMatchObject({ errorClass: "CONSENT" });
  expect(answered(400, failed(999))).toMatchObject({ type: "refused", errorClass: "UNKNOWN" });
  expect(answered(400, failed(7))).toMatchObject({ type: "temporary", code: "7" });
});

it("leaves what no rule fits to the status: HTML, half of an answer, nothing", () => {
  expect(answered(200, "<html>OK</html>")).toMatchObject({ type: "unknown" });
  expect(answered(200, null)).toMatchObject({ type: "unknown" });
  expect(answered(500, failed(404))).toMatchObject({ type: "unknown" });
  expect(answered(503, "")).toMatchObject({ type: "temporary", retryAfterMs: 3_000 });
  expect(answered(401, "no")).toMatchObject({ type: "refused", errorClass: "SENDER" });
});

it("reads answers in plain text by patterns, as Kannel's are", () => {
  const answer = {
    rules: [
      { when: { status: ["200"], regex: "^0: Accepted" }, means: "accepted" },
      { when: { regex: "(?i)^\\d+: (queued|later)" }, means: "temporary" },
      { when: { regex: "blacklist" }, means: "refused", errorClass: "CONSENT" },
      { when: { status: ["202"] }, means: "unknown" },
    ],
    id: { regex: "id=(\\S+)" },
    code: { regex: "^(\\d+):" },
    text: { regex: "^\\d+: (.*)" },
  };
  const read = (status: number, text: string) => answered(status, text, { answer });
  expect(read(200, "0: Accepted id=ab-1\n")).toMatchObject({ providerMessageId: "ab-1" });
  expect(read(200, "0: Accepted")).toMatchObject({ type: "unknown" });
  expect(read(200, "3: Queued")).toMatchObject({ type: "temporary", code: "3", text: "Queued" });
  expect(read(403, "blacklisted")).toMatchObject({ errorClass: "CONSENT", code: "http-403" });
  expect(read(202, "3: odd")).toEqual({ type: "unknown", text: "odd" });
});

it("names a message by its commandId where the gateway has no id of its own", () => {
  const answer = { rules: [{ when: { status: ["204"] }, means: "accepted" }] };
  expect(answered(204, "", { answer })).toMatchObject({ providerMessageId: "m:0" });
});
