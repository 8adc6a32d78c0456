import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { sendQueue } from "#libs/kafka/send-queue.ts";
import { messageAcceptor, PartlyAcceptedError } from "#services/api/messages/accept-messages.ts";
import { storedRequest } from "#test/support/stored-request.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const requests = {
  subject: "send-requests-value",
  encode: () => Buffer.from("request"),
  read: async () => [],
};

function acceptorOver(publish: Producer["publish"]) {
  const producer: Producer = { publish, [Symbol.asyncDispose]: async () => undefined };
  return messageAcceptor(producer, requests, {
    checkCaps: async () => [],
    checkRoom: () => undefined,
  });
}

it("publishes under the message's id, with the trace", async () => {
  const published: unknown[] = [];
  const accept = acceptorOver(async (records) => void published.push(...records));
  await accept([storedRequest()], { traceparent: "00-a-b-01" });
  expect(published).toEqual([
    {
      topic: "send-requests",
      key: "m-1",
      value: Buffer.from("request"),
      headers: { traceparent: "00-a-b-01" },
    },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

it("gives up after 8 s without an acknowledgement, and not before", async () => {
  let given: unknown;
  const accept = acceptorOver(() => new Promise(() => undefined));
  const accepting = accept([storedRequest()], {}).catch((error: unknown) => {
    given = error;
  });
  await vi.advanceTimersByTimeAsync(7_999);
  expect(given).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await accepting;
  expect(given).toBeInstanceOf(RetriableError);
});

const batch = Array.from({ length: 3_000 }, (_, index) =>
  storedRequest({ messageId: `m-${index}` }),
);

it("takes a large batch as long as the broker goes on, however slow it is", async () => {
  const published: unknown[] = [];
  const accept = acceptorOver(async (records) => {
    await new Promise((resolve) => setTimeout(resolve, 7_900));
    published.push(...records.map(({ key }) => key));
  });
  const accepting = accept(batch, {});
  await vi.advanceTimersByTimeAsync(24_000);
  await accepting;
  expect(published).toEqual(batch.map(({ messageId }) => messageId));
});

it("tells how many of a batch are accepted when the broker falls silent in the middle", async () => {
  let sendCount = 0;
  const accept = acceptorOver(async () => {
    if (sendCount++ === 2) await new Promise(() => undefined);
  });
  const accepting = accept(batch, {}).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(8_000);
  const error = await accepting;
  expect(error).toBeInstanceOf(PartlyAcceptedError);
  expect(error).toMatchObject({ acceptedCount: 2_000 });
});

it("tells it too where something else than silence ends a batch in the middle", async () => {
  let sendCount = 0;
  const accept = acceptorOver(async () => {
    if (sendCount++ === 1) throw new TypeError("a fault of ours");
  });
  expect(await accept(batch, {}).catch((error: unknown) => error)).toMatchObject({
    name: "PartlyAcceptedError",
    acceptedCount: 1_000,
  });
});

it("takes back what waits when it gives up, so that it is not sent behind the caller's back", async () => {
  const sent: unknown[] = [];
  let isBlocked = true;
  const queue = sendQueue(async (records) => {
    await vi.waitUntil(() => !isBlocked, { timeout: 60_000 });
    sent.push(...records.map(({ key }) => key));
  });
  const accept = acceptorOver(queue.add);
  const inFlight = accept([storedRequest({ messageId: "in-flight" })], {}).catch(String);
  await vi.advanceTimersByTimeAsync(10);
  const waiting = accept([storedRequest({ messageId: "waiting" })], {}).catch(String);
  await vi.advanceTimersByTimeAsync(8_000);
  expect([await inFlight, await waiting]).toEqual([
    expect.stringContaining("RetriableError"),
    expect.stringContaining("RetriableError"),
  ]);
  isBlocked = false;
  const later = accept([storedRequest({ messageId: "later" })], {});
  await vi.advanceTimersByTimeAsync(1_000);
  await later;
  expect(sent).toEqual(["in-flight", "later"]);
});
