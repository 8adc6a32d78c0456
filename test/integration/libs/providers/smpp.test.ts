// The adapter against an SMSC that does what a test says.
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Line } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { emptyPdu, type Pdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { newAuthority } from "#test/support/certificates.ts";
import { connectSocket, sendSms, smppAccess, smppLine } from "#test/support/smpp-line.ts";
import { receiptPdu, respond, type SmppPeer, say, startSmppPeer } from "#test/support/smpp-peer.ts";

const WITHIN = { timeout: 30_000, interval: 20 };
const LONG = "x".repeat(400);
let opened: AsyncDisposableStack;
let peer: SmppPeer;
let reports: StatusReport[];
let takeReceipts: Line["takeReceipts"];

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  peer = opened.use(await startSmppPeer());
  reports = [];
  takeReceipts = async ({ receipts }) => void reports.push(...receipts.reports);
});
afterEach(() => opened.disposeAsync());

function accessTo(options: object, credentials: object = {}) {
  return smppAccess({ port: peer.port, options, credentials });
}

function open(options: object = {}, { timeoutMs = 20_000, credentials = {} } = {}) {
  const given = { port: peer.port, options, credentials, timeoutMs };
  return opened.use(smppLine(given, (taken) => takeReceipts(taken)));
}

const heard = (command: Pdu["command"]) =>
  peer.heard.map(({ pdu }) => pdu).filter((pdu) => pdu.command === command);
/** A line that was never down counts as bound: it is about to be. */
const untilBound = (adapter: ProviderAdapter) =>
  vi.waitFor(() => {
    expect(peer.heard.filter(({ pdu }) => pdu.command.startsWith("bind_"))).not.toEqual([]);
    expect(adapter.state?.()).toEqual({ type: "bound" });
  }, WITHIN);
/** Answers those of `statuses` first, and then as ever. */
function answerWith(...first: number[]) {
  const usual = peer.answer;
  peer.answer = (said) => {
    const status = said.pdu.command === "submit_sm" ? first.shift() : undefined;
    return status === undefined ? usual(said) : { status };
  };
}

describe("an SMS", () => {
  it("goes out on a bind as a transceiver, with its credentials, before anybody sends", async () => {
    const adapter = open({ systemType: "VMA" });
    await untilBound(adapter);
    expect(heard("bind_transceiver")).toMatchObject([
      {
        texts: { system_id: "me", password: "secret", system_type: "VMA" },
        numbers: { interface_version: 0x34 },
      },
    ]);
    expect(await sendSms(adapter)).toEqual({
      type: "accepted",
      providerMessageId: "m1",
      partIds: ["m1"],
      segmentCount: 1,
    });
  });

  it("goes out on a transmitter, and its receipt comes on a receiver", async () => {
    const adapter = open({ bind: "pair" });
    await sendSms(adapter);
    await vi.waitFor(() => expect(peer.sockets.size).toBe(2), WITHIN);
    expect([...heard("bind_transmitter"), ...heard("bind_receiver")]).toHaveLength(2);
    const submitted = peer.heard.find(({ pdu }) => pdu.command === "submit_sm")!;
    const other = [...peer.sockets].find((socket) => socket !== submitted.socket)!;
    say(other, receiptPdu(1, "id:m1 stat:DELIVRD"));
    await vi.waitFor(() => expect(reports).toHaveLength(1), WITHIN);
  });

  it("that is long has the ids of its parts, whose answers come in any order", async () => {
    peer.answer = ({ pdu }) => (pdu.command === "submit_sm" ? undefined : {});
    const sending = sendSms(open(), LONG);
    await vi.waitFor(() => expect(heard("submit_sm")).toHaveLength(3), WITHIN);
    const parts = peer.heard.filter(({ pdu }) => pdu.command === "submit_sm");
    for (const [index, said] of [...parts.entries()].toReversed()) {
      respond(said, { texts: { message_id: `p${index}` } });
    }
    expect(await sending).toMatchObject({
      type: "accepted",
      providerMessageId: "p0",
      partIds: ["p0", "p1", "p2"],
      segmentCount: 3,
    });
  });

  it("one of whose parts is throttled is sent whole, and slower from then on", async () => {
    answerWith(0x58, 0x14);
    const adapter = open({ rate: 50 });
    expect(await sendSms(adapter, LONG)).toMatchObject({ type: "accepted", segmentCount: 3 });
    expect(adapter.state?.()).toMatchObject({ type: "throttled" });
  });

  it("is temporary where the SMSC throttles, refused by its code, unknown without an answer", async () => {
    const adapter = open({}, { timeoutMs: 1_500 });
    answerWith(0x58, 0x14, 0x08, 0x0b, 0x0a, 0x401);
    const answers: object[] = [];
    for (let index = 0; index < 6; index++) answers.push(await sendSms(adapter));
    expect(answers).toMatchObject([
      { type: "temporary", code: "0x58" },
      { type: "temporary", code: "0x14" },
      { type: "temporary", code: "0x08" },
      { type: "refused", code: "0x0b", errorClass: "PERMANENT" },
      { type: "refused", code: "0x0a", errorClass: "SENDER" },
      { type: "refused", code: "0x401", errorClass: "UNKNOWN" },
    ]);
    peer.answer = () => undefined;
    expect(await sendSms(adapter)).toMatchObject({ type: "unknown" });
  });

  it("is unknown where the line is cut after it, and the next goes out on a new bind", async () => {
    const usual = peer.answer;
    peer.answer = (said) => {
      if (said.pdu.command !== "submit_sm") return {};
      said.socket.destroy();
      return undefined;
    };
    const adapter = open();
    expect(await sendSms(adapter)).toMatchObject({ type: "unknown" });
    peer.answer = usual;
    await vi.waitFor(async () => expect((await sendSms(adapter)).type).toBe("accepted"), WITHIN);
    expect(peer.connectionCount).toBe(2);
  });

  it("that is late by the time there is a place is not sent", async () => {
    const adapter = open();
    expect(await sendSms(adapter, "late", () => false)).toEqual({ type: "late" });
    expect(heard("submit_sm")).toEqual([]);
    expect(await sendSms(adapter)).toMatchObject({ type: "accepted" });
  });

  it("waits for a place where so many are without an answer as the window holds", async () => {
    peer.answer = ({ pdu }) => (pdu.command === "submit_sm" ? undefined : {});
    const adapter = open({ window: 3, binds: 2 });
    const sending = Array.from({ length: 20 }, () => sendSms(adapter));
    let answered = 0;
    while (answered < 20) {
      await vi.waitFor(() => {
        const openCount = heard("submit_sm").length - answered;
        expect(openCount).toBe(Math.min(6, 20 - answered));
      }, WITHIN);
      const parts = peer.heard.filter(({ pdu }) => pdu.command === "submit_sm");
      respond(parts[answered]!, { texts: { message_id: `w${answered}` } });
      answered += 1;
    }
    const types = (await Promise.all(sending)).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(["accepted"]));
  });
});

describe("a message that is taken back", () => {
  const sms = { commandId: "m:0", channel: "sms", sender: "FALLTHRU", country: null };
  const recipient = { msisdn: "+6511110000", country: null, channelUserIds: {} };
  const taken = (...ids: string[]) => ({ ...sms, recipient, ids });

  it("is canceled part by part, on the bind and with the addresses that it went out with", async () => {
    const adapter = open();
    expect(await adapter.revoke?.(taken("m1", "m2"), 5_000)).toEqual({ outcome: "REVOKED" });
    expect(heard("cancel_sm")).toMatchObject(
      ["m1", "m2"].map((message_id) => ({
        texts: { message_id, source_addr: "FALLTHRU", destination_addr: "6511110000" },
        numbers: { source_addr_ton: 5, dest_addr_ton: 1, dest_addr_npi: 1 },
      })),
    );
  });

  it("has the id that the SMSC wrote, where ids are numbers to us", async () => {
    await open({ ids: { response: "hex", receipt: "decimal" } }).revoke?.(taken("255"), 5_000);
    expect(heard("cancel_sm")[0]?.texts.message_id).toBe("ff");
  });

  it("is told in the SMSC's words where one part stays, and as no answer where none comes", async () => {
    const adapter = open({}, { timeoutMs: 1_500 });
    peer.answer = ({ pdu: { texts } }) => (texts.message_id === "m2" ? { status: 0x11 } : {});
    expect(await adapter.revoke?.(taken("m1", "m2"), 5_000)).toEqual({
      outcome: "REFUSED",
      code: "0x11",
      text: "The SMSC answered with ESME_RCANCELFAIL (0x11).",
    });
    peer.answer = ({ pdu }) => (pdu.command === "cancel_sm" ? undefined : {});
    expect(await adapter.revoke?.(taken("m1"), 300)).toMatchObject({ outcome: "NO_ANSWER" });
    expect(await adapter.revoke?.(taken(), 300)).toMatchObject({ code: "id-unknown" });
  });
});

describe("a bind", () => {
  it("that is refused is down in the SMSC's words, is not hammered, and holds messages back", async () => {
    peer.answer = () => ({ status: statuses.ESME_RINVPASWD });
    const adapter = open();
    const answer = await sendSms(adapter);
    expect(answer).toMatchObject({ type: "temporary", code: "not-bound" });
    expect(answer).toMatchObject({ text: expect.stringContaining("ESME_RINVPASWD") });
    expect(adapter.state?.()).toMatchObject({ type: "down" });
    await sleep(1_500);
    expect(peer.connectionCount).toBeLessThanOrEqual(3);
    peer.answer = () => ({ texts: { message_id: "x" } });
    await untilBound(adapter);
  });

  it("is unbound once its connection is closed, after what is in hand", async () => {
    peer.answer = ({ pdu }) => (pdu.command === "submit_sm" ? undefined : {});
    const adapter = open();
    const sending = sendSms(adapter);
    await vi.waitFor(() => expect(heard("submit_sm")).toHaveLength(1), WITHIN);
    const closed = adapter[Symbol.asyncDispose]();
    respond(peer.heard.find(({ pdu }) => pdu.command === "submit_sm")!, {
      texts: { message_id: "last" },
    });
    expect(await sending).toMatchObject({ type: "accepted", providerMessageId: "last" });
    await closed;
    expect(heard("unbind")).toHaveLength(1);
    expect(await sendSms(adapter)).toMatchObject({ type: "temporary" });
    expect(peer.connectionCount).toBe(1);
  });

  it("comes back after the SMSC went away without a word, and after it unbound", async () => {
    const adapter = open();
    await untilBound(adapter);
    for (const end of [
      () => [...peer.sockets][0]!.destroy(),
      () => say([...peer.sockets][0]!, emptyPdu({ command: "unbind", sequence: 1 })),
    ]) {
      const before = heard("bind_transceiver").length;
      end();
      await vi.waitFor(() => expect(heard("bind_transceiver")).toHaveLength(before + 1), WITHIN);
      await untilBound(adapter);
    }
  });

  it("is over TLS, believes its authority alone, and shows a certificate where it has one", async () => {
    const authority = newAuthority("carrier");
    const tls = { ...authority.certify("localhost"), ca: authority.ca, requestCert: true };
    await peer[Symbol.asyncDispose]();
    peer = opened.use(await startSmppPeer({ ...tls, rejectUnauthorized: true }));
    const address = `smpps://localhost:${peer.port}`;
    const own = authority.certify("me");
    const pair = { clientCertificate: own.cert, clientKey: own.key };
    const stranger = open({ address }, { timeoutMs: 3_000, credentials: pair });
    expect(await sendSms(stranger)).toMatchObject({ type: "temporary", code: "not-bound" });
    const credentials = { ...pair, authority: authority.ca };
    const adapter = open({ address, tlsServerName: "localhost" }, { credentials });
    expect(await sendSms(adapter)).toMatchObject({ type: "accepted" });
  });
});

describe("a receipt", () => {
  it("is acknowledged once Kafka has it, else it comes again", async () => {
    const adapter = open();
    await untilBound(adapter);
    const socket = [...peer.sockets][0]!;
    takeReceipts = async () => {
      throw new RetriableError("Kafka is away.");
    };
    say(socket, receiptPdu(1, "id:m1 stat:DELIVRD"));
    await vi.waitFor(() => expect(heard("deliver_sm_resp")).toHaveLength(1), WITHIN);
    expect(heard("deliver_sm_resp")).toMatchObject([{ status: statuses.ESME_RX_T_APPN }]);
    const { promise, resolve } = Promise.withResolvers<void>();
    takeReceipts = ({ receipts }) => promise.then(() => void reports.push(...receipts.reports));
    say(socket, receiptPdu(2, "id:m1 stat:DELIVRD"));
    await sleep(200);
    expect(heard("deliver_sm_resp")).toHaveLength(1);
    resolve();
    await vi.waitFor(() => expect(heard("deliver_sm_resp")).toHaveLength(2), WITHIN);
    expect(reports).toMatchObject([{ providerMessageId: "m1", status: "DELIVERED" }]);
  });

  it("comes by data_sm too; messages of people are acknowledged", async () => {
    const adapter = open();
    await untilBound(adapter);
    const socket = [...peer.sockets][0]!;
    const tlvs = [
      { tag: 0x001e, value: Buffer.from("m7\0") },
      { tag: 0x0427, value: Buffer.of(2) },
    ];
    const bySm = { ...emptyPdu({ command: "data_sm", sequence: 1 }), numbers: { esm_class: 4 } };
    say(socket, { ...bySm, tlvs });
    say(socket, receiptPdu(2, "Hello?", { numbers: { esm_class: 0 } }));
    const answers = () =>
      peer.heard.map(({ pdu }) => pdu).filter(({ command }) => /_sm_resp/.test(command));
    await vi.waitFor(() => expect(answers()).toHaveLength(2), WITHIN);
    expect(answers().map(({ status }) => status)).toEqual([0, 0]);
    expect(reports).toMatchObject([{ providerMessageId: "m7", status: "DELIVERED" }]);
  });

  it("is one of 500 at once, and each is a report, though some come twice", async () => {
    const adapter = open({ ids: { response: "hex", receipt: "decimal" } });
    await untilBound(adapter);
    const socket = [...peer.sockets][0]!;
    for (let index = 0; index < 500; index++) {
      say(socket, receiptPdu(2 * index + 1, `id:${index} stat:DELIVRD`));
      if (index % 5 === 0) say(socket, receiptPdu(2 * index + 2, `id:${index} stat:DELIVRD`));
    }
    await vi.waitFor(() => expect(heard("deliver_sm_resp")).toHaveLength(600), WITHIN);
    expect(new Set(reports.map(({ reportId }) => reportId)).size).toBe(500);
    expect(await sendSms(adapter)).toMatchObject({ type: "accepted" });
  });
});

it.each([
  [0, "works", "takes the bind"],
  [statuses.ESME_RINVPASWD, "refused", "ESME_RINVPASWD"],
  [statuses.ESME_RALYBND, "unclear", "ESME_RALYBND"],
])("a connection whose test bind is answered with %i %s", async (status, state, words) => {
  peer.answer = ({ pdu }) => (pdu.command === "bind_transmitter" ? { status } : {});
  const agent = opened.adopt(new Agent(), (each) => each.close());
  const result = await accessTo({}).probe?.({ agent, connectSocket, timeoutMs: 20_000 });
  expect(result).toEqual({ state, words: expect.stringContaining(words) });
  await vi.waitFor(() => expect(peer.sockets.size).toBe(0), WITHIN);
  expect(heard("unbind")).toHaveLength(1);
  await peer[Symbol.asyncDispose]();
  const gone = await accessTo({}).probe?.({ agent, connectSocket, timeoutMs: 20_000 });
  expect(gone).toMatchObject({ state: "unreachable" });
});
