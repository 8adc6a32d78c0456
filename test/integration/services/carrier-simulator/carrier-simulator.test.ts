import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import fastify from "fastify";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import type { DispatchCommand, SmsEncoding } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { RunningService } from "#libs/lifecycle/service.ts";
import { simulatedProviders } from "#libs/providers/providers.ts";
import { simulatedCarrier } from "#libs/providers/simulated/adapter.ts";
import { CarrierReceipt } from "#libs/providers/simulated/wire.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { carrierSimulator } from "#services/carrier-simulator/service.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";

const TIME_SCALE = 0.01;
let simulator: RunningService;
let carrierUrl: string;
let bridgePort: number;
const opened: AsyncDisposable[] = [];

beforeEach(async () => {
  const port = await freePort();
  bridgePort = await freePort();
  const receiptUrl = `http://127.0.0.1:${bridgePort}`;
  const config = { host: "127.0.0.1", port, receiptUrl, receiptSecret, timeScale: TIME_SCALE };
  const log = createLog("carrier-simulator", "error");
  simulator = await carrierSimulator.start(config, { log, onFatal: fail });
  carrierUrl = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function fail(error: unknown): never {
  throw error;
}

function carrierOf(channel: Channel, { url = carrierUrl, timeoutMs = 2_000 } = {}) {
  const adapter = simulatedCarrier({ carrierUrl: url, channel, timeoutMs });
  opened.push(adapter);
  return {
    dispatch: (command: DispatchCommand) => adapter.dispatch(command, () => true),
  };
}

function sentTo(recipient: string) {
  return sentCalls(carrierUrl, recipient);
}

/** A bridge that takes every receipt that is proved, and remembers the order in which they came. */
async function startBridge(): Promise<CarrierReceipt[]> {
  const receipts: CarrierReceipt[] = [];
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post<{ Params: { provider: string }; Body: Buffer }>(
    "/receipts/:provider",
    (request, reply) => {
      const { headers, body, params } = request;
      const { authenticate } = simulatedProviders
        .find(({ name }) => name === params.provider)!
        .receipts(receiptSecret);
      if (!authenticate({ headers, body, peerAddress: "" }, Date.now()))
        return reply.code(401).send();
      receipts.push(...Value.Parse(Type.Array(CarrierReceipt), JSON.parse(body.toString())));
      return {};
    },
  );
  await app.listen({ host: "127.0.0.1", port: bridgePort });
  opened.push({ [Symbol.asyncDispose]: () => app.close() });
  return receipts;
}

it("takes a message, shows it, and sends its receipts in order with the caller's reference", async () => {
  const receipts = await startBridge();
  const command = commandFor({ channel: "whatsapp", recipient: "+6511110000" });
  const answer = await carrierOf("whatsapp").dispatch(command);
  expect(answer.type).toBe("accepted");
  await vi.waitFor(() => expect(receipts.length).toBe(3), { timeout: 30_000 });
  expect(receipts.map(({ status }) => status)).toEqual(["sent", "delivered", "read"]);
  expect(new Set(receipts.map(({ reference }) => reference))).toEqual(new Set([command.commandId]));
  const { commandId } = command;
  const shown = {
    channel: "whatsapp",
    recipient: "+6511110000",
    text: "hello",
    commandId,
    attempts: 1,
  };
  expect(await sentTo("+6511110000")).toMatchObject([shown]);
});

it("keeps the caller's reference to itself on viber and sms", async () => {
  const receipts = await startBridge();
  const command = commandFor({ channel: "sms", recipient: "+6511110001" });
  const answer = await carrierOf("sms").dispatch(command);
  await vi.waitFor(() => expect(receipts.length).toBe(2), { timeout: 30_000 });
  const id = answer.type === "accepted" ? answer.providerMessageId : "";
  expect(receipts).toMatchObject([
    { id, status: "sent", segments: 1 },
    { id, status: "delivered" },
  ]);
  expect(receipts[0]).not.toHaveProperty("reference");
});

it("counts an SMS in segments of its alphabet, in the answer and in the receipts", async () => {
  const receipts = await startBridge();
  const recipient = "+6511110001";
  const say = (text: string, smsEncoding: SmsEncoding) =>
    commandFor({
      channel: "sms",
      recipient,
      content: { type: "TEXT", text, richJson: null, smsEncoding },
    });
  const sms = carrierOf("sms");
  expect(await sms.dispatch(say("€".repeat(81), "AUTO"))).toMatchObject({ segmentCount: 2 });
  expect(await sms.dispatch(say("a".repeat(71), "UNICODE"))).toMatchObject({ segmentCount: 2 });
  expect(await sms.dispatch(say("a".repeat(160), "GSM"))).toMatchObject({ segmentCount: 1 });
  await vi.waitFor(() => expect(receipts.length).toBe(6), { timeout: 30_000 });
  const counts = receipts.filter(({ status }) => status === "sent").map(({ segments }) => segments);
  expect(counts).toEqual([2, 2, 1]);
  expect(await sms.dispatch(say("Привет", "GSM"))).toMatchObject({
    type: "refused",
    code: "2",
    errorClass: "CONTENT",
  });
});

it("counts no segments on other channels", async () => {
  const command = commandFor({ channel: "viber", recipient: "+6511110000" });
  expect(await carrierOf("viber").dispatch(command)).toMatchObject({ segmentCount: null });
});

it("brings receipts again until the bridge is there", async () => {
  await carrierOf("sms").dispatch(commandFor({ channel: "sms", recipient: "+6511110000" }));
  await sleep(300); // The first tries find nobody: that is the fault, not a wait for luck.
  const receipts = await startBridge();
  await vi.waitFor(() => expect(receipts.length).toBe(2), { timeout: 30_000 });
  expect(receipts.map(({ status }) => status)).toEqual(["sent", "delivered"]);
});

it("refuses with the channel's code, for good or for now", async () => {
  const forGood = commandFor({ channel: "viber", recipient: "+6511110030" });
  expect(await carrierOf("viber").dispatch(forGood)).toMatchObject({
    type: "refused",
    code: "9",
    errorClass: "PERMANENT",
  });
  const command = commandFor({ channel: "whatsapp", recipient: "+6511110800" });
  const whatsapp = carrierOf("whatsapp");
  const answers = [];
  for (let call = 0; call < 3; call++) answers.push((await whatsapp.dispatch(command)).type);
  expect(answers).toEqual(["temporary", "temporary", "accepted"]);
  const shown = await sentTo("+6511110800");
  expect(shown.map(({ attempts }) => attempts)).toEqual([1, 2, 3]);
  expect(shown.map(({ providerMessageId }) => providerMessageId !== null)).toEqual([
    false,
    false,
    true,
  ]);
});

it("takes digit 9 but cuts the connection, and takes a second call as a second message", async () => {
  const receipts = await startBridge();
  const command = commandFor({ channel: "sms", recipient: "+6511110009" });
  const sms = carrierOf("sms");
  expect((await sms.dispatch(command)).type).toBe("unknown");
  expect((await sms.dispatch(command)).type).toBe("accepted");
  expect(await sentTo("+6511110009")).toHaveLength(2);
  await vi.waitFor(() => expect(receipts.length).toBe(4), { timeout: 30_000 });
});

it("sends a repeated command once where it takes idempotency keys", async () => {
  const command = commandFor({ channel: "rcs", recipient: "+6511119000" });
  const rcs = carrierOf("rcs");
  expect((await rcs.dispatch(command)).type).toBe("unknown");
  const second = await rcs.dispatch(command);
  expect(second.type).toBe("accepted");
  expect(await rcs.dispatch(command)).toEqual(second);
  expect(await sentTo("+6511119000")).toMatchObject([{ attempts: 3 }]);
});

it("answers for a carrier that is not there, or never answers, without failing", async () => {
  const command = commandFor({ channel: "sms", recipient: "+6511110000" });
  const url = `http://127.0.0.1:${await freePort()}`;
  const nobody = carrierOf("sms", { url });
  expect(await nobody.dispatch(command)).toMatchObject({
    type: "temporary",
    code: "carrier-unreachable",
  });
  const port = await freePort();
  const silent = createServer(() => undefined).listen(port, "127.0.0.1");
  await once(silent, "listening");
  const mute = carrierOf("sms", { url: `http://127.0.0.1:${port}`, timeoutMs: 200 });
  expect((await mute.dispatch(command)).type).toBe("unknown");
  silent.closeAllConnections();
  silent.close();
});
