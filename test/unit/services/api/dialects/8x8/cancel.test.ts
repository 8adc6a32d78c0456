import { expect, it } from "vitest";
import { messageIdsOf, newBatchId } from "#libs/dialects/batch-ids.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { cancel, entryAfter, report, sent, threeSteps } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const MESSAGES = "/api/v1/subaccounts/demo/messages";
const headers = { authorization: "Bearer demo-key" };

function message(inputs: FallbackInput[], wasOpen: boolean) {
  return { entry: entryAfter(inputs), request: storedRequest(), wasOpen };
}

const cancelled = message([sent(threeSteps), cancel(10)], true);
const cancelledBefore = { ...cancelled, wasOpen: false };
const read = [sent(threeSteps), report(0, "READ", 10)];

/** The answer to a cancel of `path` after which the messages are as they are in `found`. */
async function answerTo(path: string, found: readonly (typeof cancelled)[]) {
  const asked: (readonly string[])[] = [];
  const { request } = startApiServer({
    cancel: async (messageIds) => {
      asked.push(messageIds);
      return messageIds.length === 0 ? [] : [...found];
    },
  });
  const answer = await request({ method: "DELETE", url: `${MESSAGES}${path}`, headers });
  return { status: answer.statusCode, body: answer.json(), asked };
}

it.each([
  ["one that was cancelled", [cancelled], 1],
  ["one that had been cancelled before", [cancelledBefore], 0],
  ["one that had got through before", [message(read, false)], 0],
  ["one that got through just then", [message(read, true)], 0],
])("counts of %s how many ended by this cancel", async (_, found, cancelledCount) => {
  const { status, body } = await answerTo("/m-1", found);
  expect([status, body]).toEqual([200, { cancelledCount }]);
});

it("cancels all messages of a batch", async () => {
  const batchId = newBatchId(3);
  const found = [cancelled, cancelledBefore, cancelled];
  const { body, asked } = await answerTo(`/batch/${batchId}`, found);
  expect(asked).toEqual([messageIdsOf(batchId)]);
  expect(body).toEqual({ cancelledCount: 2 });
});

it("needs a key that may send", async () => {
  const { request } = startApiServer();
  const answer = await request({ method: "DELETE", url: `${MESSAGES}/m-1` });
  expect(answer.statusCode).toBe(401);
});
