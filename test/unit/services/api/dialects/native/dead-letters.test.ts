// Who may look at dead letters, and what is asked for of them.
import { expect, it } from "vitest";
import { toLetter } from "#libs/dead-letters/letter.ts";
import { hashKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { rawLetter } from "#test/support/raw-letter.ts";

/** An account's own admin, who may change all of its settings. */
const ADMIN_OF_DEMO = "admin-of-demo";
const ID = "status-reports-dlt.0.17";
const routes = [
  ["GET", "/ft/v1/dead-letters"],
  ["GET", `/ft/v1/dead-letters/${ID}`],
  ["POST", "/ft/v1/dead-letters/replay"],
  ["POST", "/ft/v1/dead-letters/drop"],
] as const;
const open = { state: "OPEN", markedAt: null, markedBy: null, replayCount: 0 } as const;
const letter = { ...toLetter(rawLetter({ offset: 17 }), "status-reports"), standing: open };

const fail = () => Promise.reject(new Error("Nobody may get here."));

function startWith(given: Partial<ApiDeps["deadLetters"]>) {
  const deadLetters = { list: fail, find: fail, replay: fail, drop: fail, ...given };
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  const createdAt = new Date(0).toISOString();
  const body = { hash: hashKey(ADMIN_OF_DEMO), scopes: ["admin" as const], createdAt };
  const key = withBody({ ...stamp, kind: "api-key", name: "own" }, body);
  return startApiServer({ deadLetters, settings: demoView(key) }).request;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

it.each(routes)("shows customers nothing, whatever their key: %s %s", async (method, url) => {
  const request = startWith({});
  const body = method === "POST" ? { payload: { ids: [ID] } } : {};
  const statuses = [];
  for (const key of ["demo-key", ADMIN_OF_DEMO, "nobody"]) {
    const answer = await request({ method, url, headers: bearer(key), ...body });
    statuses.push(answer.statusCode);
    expect(answer.body).not.toContain("odd");
  }
  expect(statuses).toEqual([403, 403, 401]);
});

it("tells the operator why, and what to do", async () => {
  const request = startWith({ find: async () => ({ letter, value: { hex: "00" } }) });
  const answer = await request({ url: routes[1][1], headers: bearer("demo-admin-key") });
  expect(answer.json()).toMatchObject({
    id: ID,
    stage: "decide",
    reason: "It is odd.",
    advice: expect.stringContaining("replay"),
    replayEffect: expect.stringContaining("amend"),
    source: { partition: "3", offset: "8120" },
    value: { hex: "00" },
  });
});

it.each([
  ["", true],
  ["stage=decide&key=m1&reason=IS+ODD", true],
  ["stage=commit", false],
  ["key=m2", false],
  ["reason=even", false],
  ["state=dropped", false],
  ["state=all", true],
])("takes those that %j asks for", async (query, isTaken) => {
  const request = startWith({
    list: async ({ matches }) => ({ letters: matches(letter) ? [letter] : [], next: null }),
  });
  const url = `/ft/v1/dead-letters?${query}`;
  const { items } = (await request({ url, headers: bearer("demo-admin-key") })).json();
  expect(items).toHaveLength(isTaken ? 1 : 0);
});

it("goes on where the page before ended, and takes no other cursor", async () => {
  const before = new Map([["status-reports", 17]]);
  const given: unknown[] = [];
  const request = startWith({
    list: async (query) => {
      given.push(query.before);
      return { letters: [], next: before };
    },
  });
  const ask = (query: string) =>
    request({ url: `/ft/v1/dead-letters?${query}`, headers: bearer("demo-admin-key") });
  const { nextCursor } = (await ask("")).json();
  await ask(`cursor=${nextCursor}`);
  expect(given).toEqual([new Map(), before]);
  expect((await ask("cursor=nonsense")).statusCode).toBe(400);
  expect((await ask("from=2026-02-30T00:00:00Z")).statusCode).toBe(400);
});
