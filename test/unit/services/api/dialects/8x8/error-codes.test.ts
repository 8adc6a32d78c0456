// Every code that the 8x8 dialect can answer with, and the requests that bring it about, as they
// come over HTTP. A code without a request fails, and so does one that nobody answers with.
import { describe, expect, it } from "vitest";
import { type ErrorCode, errorCodes } from "#libs/dialects/8x8/error-codes.ts";
import { refusedMessages } from "#test/support/8x8/refused-messages.ts";
import { refusedPaths } from "#test/support/8x8/refused-paths.ts";
import { refusedTemplates } from "#test/support/8x8/refused-templates.ts";
import type { Refused } from "#test/support/8x8/requests.ts";
import { startApiServer } from "#test/support/api-server.ts";

const cases: Readonly<Record<ErrorCode, readonly Refused[]>> = {
  ...refusedPaths,
  ...refusedMessages,
  ...refusedTemplates,
};
const servers = new Map<Refused[2], ReturnType<typeof startApiServer>>();

/** One server for all requests of the same surroundings. */
function serverWith(deps: Refused[2]) {
  const server = servers.get(deps) ?? startApiServer(deps);
  servers.set(deps, server);
  return server;
}

/** A batch succeeds also where a message of it does not; Kafka away is a fault of another class. */
const OTHER_STATUSES = [200, 503];

describe.each(Object.keys(errorCodes).map(Number) as ErrorCode[])("%d", (code) => {
  it("has a request that brings it about", () => {
    expect(cases[code].length).toBeGreaterThan(0);
  });

  it.for(cases[code])("answers %s", async ([, request, deps]) => {
    const answer = await serverWith(deps).request(request);
    expect(codeOf(answer.json())).toBe(code);
    expect([errorCodes[code].status, ...OTHER_STATUSES]).toContain(answer.statusCode);
  });
});

/** Of the request, or of the first message of a batch. */
function codeOf(answer: { code?: number; messages?: { status: { errorCode?: number } }[] }) {
  return answer.code ?? answer.messages?.[0]?.status.errorCode;
}

it("shows no code that nobody answers with", () => {
  expect(Object.keys(cases)).toEqual(Object.keys(errorCodes));
});
