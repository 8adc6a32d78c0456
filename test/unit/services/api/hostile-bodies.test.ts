// Bodies that no client of good faith sends: they must cost little and never look like our fault.
import { expect, it } from "vitest";
import { startApiServer } from "#test/support/api-server.ts";

const EIGHT = "/api/v1/subaccounts/demo/messages";
const NATIVE = "/ft/v1/messages";
const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

async function post(url: string, payload: string) {
  const { request } = startApiServer();
  const { statusCode: status, body } = await request({ method: "POST", url, headers, payload });
  return { status, body };
}

it.each([
  [EIGHT, (rich: string) => `{"type":"text","content":{"text":"Hi","rich":${rich}}}`],
  [`${EIGHT}/batch`, (rich: string) => `{"messages":[${rich}]}`],
  [NATIVE, (rich: string) => `{"content":{"type":"IMAGE","rich":${rich}}}`],
  [`${NATIVE}/batch`, (rich: string) => `{"messages":[${rich}]}`],
  [`${NATIVE}/m-1/cancel`, (rich: string) => rich],
  ["/ft/v1/rehearsals", (rich: string) => `{"message":${rich}}`],
])("%s refuses a body that is nested deeper than anything recurses", async (url, body) => {
  expect(await post(url, body(nested(30_000)))).toMatchObject({
    status: 400,
    body: expect.stringContaining("nested deeper than 64 levels"),
  });
  expect((await post(url, body(nested(40)))).body).not.toContain("nested deeper");
});

it("tells of a batch's template no more faults than it takes time to read", async () => {
  const steps = "0,".repeat(1_000_000);
  const startedAt = performance.now();
  const answer = await post(
    `${NATIVE}/batch`,
    `{"template":{"steps":[${steps}0]},"messages":[{}]}`,
  );
  expect(answer).toMatchObject({
    status: 422,
    body: expect.stringContaining("larger than 256 KiB"),
  });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

it("finds messages by an id as long as an id may be", async () => {
  const asked: string[] = [];
  const { request } = startApiServer({
    find: async (messageId) => {
      asked.push(messageId);
      return null;
    },
  });
  const messageId = "м/".repeat(128);
  await request({ url: `${NATIVE}/${encodeURIComponent(messageId)}`, headers });
  expect(asked).toEqual([messageId]);
});
