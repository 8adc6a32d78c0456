import { expect, it } from "vitest";
import { connectionFault } from "#libs/dispatch-rules/connection-fault.ts";
import { answerOfEnd } from "#libs/providers/answer-of-end.ts";
import type { HttpEnd } from "#libs/providers/call-http.ts";

function answered(statusCode: number): HttpEnd {
  return { type: "answered", statusCode, text: "", retryAfterMs: 0 };
}

function faultOf(end: HttpEnd) {
  return connectionFault(answerOfEnd(end, () => undefined));
}

it.each<[string, HttpEnd]>([
  ["a refused connection", { type: "unwritten", code: "ECONNREFUSED" }],
  ["no answer in time", { type: "lost", code: "TIMEOUT" }],
  ...[500, 502, 503, 504].map((status): [string, HttpEnd] => [`HTTP ${status}`, answered(status)]),
])("takes %s for a fault of the connection", (_, end) => {
  expect(faultOf(end)).toMatchObject({ countMax: 5 });
});

it("takes refused credentials for one at once, with the carrier's own code too", () => {
  expect(faultOf(answered(401))).toMatchObject({ countMax: 1 });
  const own = { type: "refused", code: "190", errorClass: "SENDER", text: "Expired." } as const;
  expect(connectionFault(answerOfEnd(answered(401), () => own))).toEqual({
    why: "190: Expired.",
    countMax: 1,
  });
});

it.each([200, 400, 403, 404, 422, 429])("takes HTTP %i for none: something answered", (status) => {
  const end = answered(status);
  const taken = { type: "accepted", providerMessageId: "p", segmentCount: null } as const;
  const answer = answerOfEnd(end, () => (status === 200 ? taken : undefined));
  expect(connectionFault(answer)).toBeNull();
});
