// How Google takes a message back, by a stand-in that does as Google's reference says.
import { Agent } from "undici";
import { afterAll, beforeAll, expect, it } from "vitest";
import { revocationOfRbm } from "#libs/providers/google-rbm/answer.ts";
import { googleRbm } from "#libs/providers/google-rbm/google-rbm.ts";
import { messageIdOf } from "#libs/providers/google-rbm/message-id.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { AGENT_ID, type RbmApi, rbmCredentials, startRbmApi } from "#test/support/rbm-api.ts";

const WITHIN_MS = 5_000;
const rcs = { channel: "rcs", recipient: "+6599990000" };
const now = () => true;
const resources = new AsyncDisposableStack();
const log = createLog("channel-dispatcher", "fatal");
let google: RbmApi;
let agent: Agent;

beforeAll(async () => {
  google = resources.use(await startRbmApi());
  agent = resources.adopt(new Agent(), (each) => each.close());
});
afterAll(() => resources.disposeAsync());

function adapter(more: object = {}) {
  const tokenUrl = `${google.url}/token`;
  const options = { agentId: AGENT_ID, address: google.url, tokenUrl, ...more };
  return googleRbm.open({ options, credentials: rbmCredentials })!.connect({
    agent,
    timeoutMs: WITHIN_MS,
    provider: "google-rbm.0",
    receiptsPath: "/receipts/google-rbm/0",
    connectSocket: () => Promise.reject(new Error("RBM has no line.")),
    takeReceipts: async () => undefined,
    log,
  });
}

it("is by the id that is ours, also where the answer was lost, and again without harm", async () => {
  await using called = adapter();
  const command = commandFor(rcs);
  google.losesNextAnswer = true;
  await called.dispatch(command, now);
  const taken = { ...command, ids: [] };
  expect(await called.revoke?.(taken, WITHIN_MS)).toEqual({ outcome: "REVOKED" });
  expect(await called.revoke?.(taken, WITHIN_MS)).toEqual({ outcome: "REVOKED" });
  const id = messageIdOf(command.commandId);
  expect(google.revoked).toEqual([id, id]);
});

it("comes too late where the person has it, and is refused where the agent is another", async () => {
  await using called = adapter();
  const command = commandFor({ ...rcs, recipient: "+6599990002" });
  const taken = { ...command, ids: [messageIdOf(command.commandId)] };
  await called.dispatch(command, now);
  google.delivered.add("+6599990002");
  expect(await called.revoke?.(taken, WITHIN_MS)).toEqual({ outcome: "TOO_LATE" });
  await using other = adapter({ agentId: "another" });
  expect(await other.revoke?.(taken, WITHIN_MS)).toMatchObject({
    outcome: "REFUSED",
    code: "PERMISSION_DENIED",
  });
});

it("says neither too late nor in time where the answer was lost and Google does not have it", async () => {
  await using called = adapter();
  const taken = { ...commandFor(rcs), ids: [] };
  expect(await called.revoke?.(taken, WITHIN_MS)).toMatchObject({
    outcome: "REFUSED",
    code: "NOT_FOUND",
  });
});

it("does not take the 404 of a proxy for Google's", async () => {
  expect(revocationOfRbm({ statusCode: 404, body: undefined, retryAfterMs: 0 }, true)).toBe(
    undefined,
  );
});

it("has no answer where nobody is there", async () => {
  await using called = adapter({ address: "http://127.0.0.1:9" });
  const taken = { ...commandFor(rcs), ids: [] };
  expect(await called.revoke?.(taken, WITHIN_MS)).toMatchObject({ outcome: "NO_ANSWER" });
});
