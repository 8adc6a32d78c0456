// Reports that wait for their attempt, on a real broker, registry and Redis: one that is odd costs
// nobody anything but itself.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { RetriableError } from "#libs/errors.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { connectProviderIds, type ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { registry } from "#libs/telemetry/metrics.ts";
import { handleReports, settleExpired } from "#services/status-report-consumer/handler.ts";
import { watchExpired } from "#services/status-report-consumer/watch-expired.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { followTopic, type TopicFollower } from "#test/support/follow-topic.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { brokers, startFlow } from "#test/support/test-flow.ts";

const provider = "simulated-sms";
const resources = new AsyncDisposableStack();
const logged: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(line) });

let flow: ConnectedFlow;
let providerIds: ProviderIds;
let letters: TopicFollower;

beforeAll(async () => {
  flow = await startFlow(resources, log);
  // Whatever waits has waited too long.
  providerIds = await connectProviderIds({ redis: flow.redis, waitingKeepMs: 0 });
  letters = resources.use(await followTopic(brokers, "status-reports-dlt"));
});
beforeEach(() => void logged.splice(0));
afterAll(() => resources.disposeAsync());

const joining = () => ({ ...flow, providerIds, log });

/** A message whose first step, an SMS, has started; no dispatcher calls for it once a second is over. */
async function startedMessage(): Promise<string> {
  const messageId = randomUUID();
  const step = { sender: null, ttlSeconds: null, ...nothingOwn, onFailure: "NEXT" } as const;
  const request = storedRequest({
    messageId,
    requestedAt: Date.now(),
    steps: [{ ...step, channel: "sms", waitSeconds: 1, wanted: "DELIVERED" }],
  });
  const bytes = flow.contracts.sendRequest.encode(request);
  const { accountId } = request;
  const taken = { messageId, accountId, request, faults: [], bytes, traceparent: "" };
  await advance([{ type: "SendRequest", ...taken }], flow);
  return messageId;
}

function report(providerMessageId: string, more: Partial<StatusReport> = {}): StatusReport {
  const none = { messageId: null, attemptIndex: null, errorCode: null, errorClass: null };
  const at = {
    errorText: null,
    segmentCount: null,
    charge: null,
    route: null,
    revocation: null,
    occurredAt: 0,
    receivedAt: 0,
  };
  const what = { reportId: randomUUID(), provider, providerMessageId, providerMessageIds: [] };
  return { ...none, ...at, ...what, channel: "sms", status: "DELIVERED", ...more };
}

function park(providerMessageId: string, bytes: Buffer) {
  return providerIds.joinAll([{ provider, providerMessageId, reportId: randomUUID(), bytes }]);
}

const encode = (one: StatusReport) => flow.contracts.statusReport.encode(one);

function record(value: StatusReport) {
  const place = { topic: "status-reports", partition: 0, offset: "0", key: null };
  return { ...place, value, bytes: encode(value), faults: [], headers: {}, timestamp: 0 };
}

async function phaseOf(messageId: string): Promise<unknown> {
  const { messages } = await flow.store.load(flow.store.shardOf(messageId), [messageId]);
  return decodeOwn("journal-entry", messages[0]!.state!).state.outcome;
}

it("sets a waiting report aside that nobody can read, and applies the others that waited", async () => {
  const messageId = await startedMessage();
  const id = randomUUID();
  const unreadable = Buffer.from(`no report ${id}`);
  await park(id, unreadable);
  await park(id, encode(report(id)));
  await providerIds.linkAll([
    { provider, providerMessageId: id, messageId, attemptIndex: 0, providerMessageIds: [] },
  ]);
  const first = { messageId, attemptIndex: 0, status: "ACCEPTED" } as const;
  await handleReports([record(report(id, first))], joining());
  expect(await phaseOf(messageId)).toBe("SUCCEEDED");
  const letter = await letters.next(({ value }) => value.equals(unreadable));
  expect(letter.headers["ft-dlt-reason"]).toContain("A report that waited");
  expect(await providerIds.findWaiting([{ provider, providerMessageId: id }])).toEqual([]);
});

it("applies what waited once it is told that the answer was lost, of a provider whose id was ours", async () => {
  const messageId = await startedMessage();
  const id = randomUUID();
  await handleReports([record(report(id))], joining());
  expect(await phaseOf(messageId)).toBe(null);
  await providerIds.linkAll([
    { provider, providerMessageId: id, messageId, attemptIndex: 0, providerMessageIds: [] },
  ]);
  const lost = { messageId, attemptIndex: 0, status: "UNKNOWN", errorCode: "answer-lost" } as const;
  await handleReports([record(report(id, lost))], joining());
  expect(await phaseOf(messageId)).toBe("SUCCEEDED");
});

it("lets go on waiting what somebody accepts whose id no dispatcher has linked", async () => {
  const [messageId, other] = [await startedMessage(), await startedMessage()];
  const id = randomUUID();
  await handleReports([record(report(id))], joining());
  const accepted = { attemptIndex: 0, status: "ACCEPTED" } as const;
  await handleReports([record(report(id, { ...accepted, messageId: other }))], joining());
  await providerIds.linkAll([
    { provider, providerMessageId: id, messageId, attemptIndex: 0, providerMessageIds: [] },
  ]);
  await handleReports([record(report(id, { ...accepted, messageId }))], joining());
  expect(await phaseOf(messageId)).toBe("SUCCEEDED");
});

it("lets of a large report wait what was read of it, not what came", async () => {
  const cut = report(randomUUID(), { errorText: "a".repeat(1_000) });
  const bytes = encode({ ...cut, errorText: "a".repeat(1_900_000) });
  await handleReports([{ ...record(cut), bytes }], joining());
  const [waiting] = await providerIds.findWaiting([
    { provider, providerMessageId: cut.providerMessageId! },
  ]);
  expect(decodeOwn("status-report", waiting!.bytes)).toEqual(cut);
  await providerIds.forget([waiting!]);
});

it("tells of what has waited too long, once, and sets aside what nobody can read of it", async () => {
  const ids = [randomUUID(), randomUUID()];
  const unreadable = Buffer.from(`no report ${ids[0]}`);
  await park(ids[0]!, unreadable);
  await park(ids[1]!, encode(report(ids[1]!)));
  await settleExpired(joining());
  await letters.next(({ value }) => value.equals(unreadable));
  expect(logged.join()).toContain("set aside");
  expect(flow.letters.reasons().join()).toContain("of status-reports became a dead letter");
  expect(logged.join()).toContain("reports of unknown ids are dropped");
  const metrics = await registry.metrics();
  expect(metrics).toMatch(/fallthrough_set_aside_total\{topic="status-reports"\} \d/);
  expect(metrics).toMatch(/fallthrough_reports_without_message_total\{result="expired"\} \d/);
  logged.splice(0);
  await settleExpired(joining());
  expect(logged).toEqual([]);
});

it("goes on watching, whatever one look meets", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const looks: (() => Promise<never>)[] = [
    () => Promise.reject(new RetriableError("Redis is away")),
    () => Promise.reject(new Error("a bug of ours")),
  ];
  let lookCount = 0;
  const findExpired = async () => looks[lookCount++]?.() ?? [];
  const watched = { ...joining(), providerIds: { ...providerIds, findExpired } };
  const watching = watchExpired(watched);
  for (const count of [1, 2, 3]) {
    vi.advanceTimersByTime(6_000);
    await vi.waitFor(() => expect(lookCount).toBe(count));
    await new Promise(setImmediate);
  }
  vi.useRealTimers();
  await watching[Symbol.asyncDispose]();
  expect(logged.map((line) => JSON.parse(line).err.message)).toEqual([
    "Redis is away",
    "a bug of ours",
  ]);
});
