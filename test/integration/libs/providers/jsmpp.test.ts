// The adapter against jSMPP's simulator, an SMSC that others wrote, straight and over a line that
// misbehaves.
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { type JsmppSmsc, jsmppLogin, startJsmppSmsc } from "#test/support/jsmpp-smsc.ts";
import { sendSms, smppLine } from "#test/support/smpp-line.ts";
import { startTcpProxy } from "#test/support/tcp-proxy.ts";

const WITHIN = { timeout: 40_000, interval: 50 };
const LONG = "x".repeat(400);
/** What the simulator does. */
const ids = { response: "hex", receipt: "decimal" };

let smsc: JsmppSmsc | undefined;
let reports: StatusReport[] = [];

beforeAll(async () => {
  smsc = await startJsmppSmsc();
});
beforeEach(({ skip }) => {
  if (!smsc) skip("There is no jSMPP.");
  reports = [];
});
afterAll(() => smsc?.[Symbol.asyncDispose]());

function open({ port = smsc!.port, options = {}, credentials = {}, timeoutMs = 20_000 } = {}) {
  const given = {
    port,
    options: { ids, ...options },
    credentials: { ...jsmppLogin, ...credentials },
    timeoutMs,
  };
  const adapter = smppLine(given, async ({ receipts }) => void reports.push(...receipts.reports));
  onTestFinished(() => adapter[Symbol.asyncDispose]());
  return adapter;
}

const sendMany = (adapter: ProviderAdapter, count: number) =>
  Promise.all(Array.from({ length: count }, () => sendSms(adapter)));
const idsOf = (answers: readonly ProviderAnswer[]) =>
  answers.flatMap((answer) => (answer.type === "accepted" ? (answer.partIds ?? []) : []));
const reported = () => new Set(reports.map(({ providerMessageId }) => providerMessageId));

it("200 messages are taken, and each is reported under the id that it was given", async () => {
  const answers = await sendMany(open({ options: { window: 50, binds: 2 } }), 200);
  const given = idsOf(answers);
  expect(new Set(given).size).toBe(200);
  await vi.waitFor(() => expect(reported()).toEqual(new Set(given)), WITHIN);
  expect(new Set(reports.map(({ status }) => status))).toEqual(new Set(["DELIVERED"]));
});

it.each([
  ["udh", 3],
  ["sar", 3],
  ["payload", 1],
])("a long text is taken by %s", async (longText, partCount) => {
  const answer = await sendSms(open({ options: { longText } }), LONG);
  expect(answer).toMatchObject({ type: "accepted", segmentCount: 3 });
  expect(idsOf([answer])).toHaveLength(partCount);
  await vi.waitFor(() => expect(reported()).toEqual(new Set(idsOf([answer]))), WITHIN);
});

it("a wrong password is told in the SMSC's words", async () => {
  const adapter = open({ credentials: { password: "wrong" } });
  expect(await sendSms(adapter)).toMatchObject({
    type: "temporary",
    text: expect.stringContaining("ESME_RINVPASWD"),
  });
  expect(adapter.state?.()).toMatchObject({ type: "down" });
});

it("a line that is cut loses no answer in silence, and comes back", async () => {
  await using proxy = await startTcpProxy(smsc!.port);
  proxy.behave({ latencyMs: 50 });
  const adapter = open({ port: proxy.port });
  expect(await sendSms(adapter)).toMatchObject({ type: "accepted" });
  const sending = sendMany(adapter, 30);
  await proxy.replied(1);
  proxy.cut();
  const types = new Set((await sending).map(({ type }) => type));
  expect(types.has("unknown")).toBe(true);
  expect([...types].filter((type) => !/accepted|unknown|temporary/.test(type))).toEqual([]);
  await vi.waitFor(async () => expect((await sendSms(adapter)).type).toBe("accepted"), WITHIN);
});

it("a peer that vanishes without a word is noticed by its silence", async () => {
  await using proxy = await startTcpProxy(smsc!.port);
  const adapter = open({ port: proxy.port, timeoutMs: 2_000, options: { enquireSeconds: 5 } });
  expect(await sendSms(adapter)).toMatchObject({ type: "accepted" });
  proxy.freeze();
  expect(await sendSms(adapter)).toMatchObject({ type: "unknown" });
  await vi.waitFor(async () => expect((await sendSms(adapter)).type).toBe("accepted"), WITHIN);
});
