// A session against a peer that does what it should not: whatever it does, every request ends.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emptyPdu, encodePdu, type Pdu } from "#libs/smpp/pdu.ts";
import { openSession, type Session, type SessionOptions } from "#libs/smpp/session.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { receiptPdu, respond, type SmppPeer, say, startSmppPeer } from "#test/support/smpp-peer.ts";

const WITHIN = { timeout: 20_000, interval: 20 };
let opened: AsyncDisposableStack;
let peer: SmppPeer;
let oddities: string[];

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  peer = opened.use(await startSmppPeer());
  oddities = [];
});
afterEach(() => opened.disposeAsync());

async function open(more: Partial<SessionOptions> = {}): Promise<Session> {
  const socket = connect(peer.port, "127.0.0.1");
  opened.defer(() => void socket.destroy());
  await once(socket, "connect");
  const session = openSession(socket, {
    responseMs: 60_000,
    enquireMs: 60_000,
    onDelivery: async (one) => (one.type === "malformed" ? one.status : statuses.ESME_ROK),
    onOdd: (why) => void oddities.push(why),
    ...more,
  });
  await vi.waitFor(() => expect(peer.sockets.size).toBe(1), WITHIN);
  return session;
}

const [submit, enquire] = [{ command: "submit_sm" }, { command: "enquire_link" }] as const;
const peerSocket = () => [...peer.sockets][0]!;
const heard = (command: Pdu["command"]) =>
  peer.heard.map(({ pdu }) => pdu).filter((pdu) => pdu.command === command);

function head(length: number, commandId = 5, sequence = 9): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [index, value] of [length, commandId, 0, sequence].entries()) {
    bytes.writeUInt32BE(value, 4 * index);
  }
  return bytes;
}

describe("a request", () => {
  it("has its own answer, in whatever order answers come, and however they are cut", async () => {
    peer.answer = () => undefined;
    const session = await open();
    const ends = [1, 2, 3].map(() => session.request(submit));
    await vi.waitFor(() => expect(peer.heard).toHaveLength(3), WITHIN);
    for (const { pdu, socket } of peer.heard.toReversed()) {
      const answer = { ...emptyPdu({ ...pdu, command: "submit_sm_resp" }) };
      const bytes = encodePdu({ ...answer, texts: { message_id: `of-${pdu.sequence}` } });
      for (const byte of bytes) {
        socket.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
    }
    const ids = (await Promise.all(ends)).map((end) =>
      end.type === "answered" ? end.pdu.texts.message_id : end.type,
    );
    expect(ids).toEqual(["of-1", "of-2", "of-3"]);
  });

  it("is lost where the peer closes, or falls silent; an answer after that, or twice, is odd", async () => {
    peer.answer = () => undefined;
    const session = await open();
    const late = await session.request({ ...submit, withinMs: 50 });
    expect(late.type).toBe("lost");
    respond(peer.heard[0]!);
    await vi.waitFor(() => expect(oddities).toHaveLength(1), WITHIN);
    peer.answer = () => ({});
    await session.request(submit);
    respond(peer.heard[1]!);
    await vi.waitFor(() => expect(oddities).toHaveLength(2), WITHIN);
    peer.answer = () => undefined;
    const cut = session.request(submit);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(3), WITHIN);
    peerSocket().destroy();
    expect((await cut).type).toBe("lost");
    expect((await session.request(submit)).type).toBe("unsent");
    await session.ended;
  });

  it("is not answered by another command's answer, but by a generic_nack", async () => {
    peer.answer = () => undefined;
    const session = await open();
    const end = session.request(submit);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(1), WITHIN);
    const { sequence } = peer.heard[0]!.pdu;
    say(peerSocket(), emptyPdu({ command: "enquire_link_resp", sequence }));
    await vi.waitFor(() => expect(oddities).toHaveLength(1), WITHIN);
    say(peerSocket(), emptyPdu({ command: "generic_nack", sequence, status: 3 }));
    expect(await end).toMatchObject({ type: "answered", pdu: { status: 3 } });
  });

  it("whose yes cannot be read is lost, and the session goes on", async () => {
    peer.answer = () => undefined;
    const session = await open();
    const end = session.request(submit);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(1), WITHIN);
    peerSocket().write(Buffer.concat([head(18, 0x8000_0004, 1), Buffer.from("ab")]));
    expect((await end).type).toBe("lost");
    peer.answer = () => ({});
    expect((await session.request(enquire)).type).toBe("answered");
  });
});

describe("the peer", () => {
  it.each([3, 0x7fffffff])(
    "that announces %i octets is refused, and what is pending is lost",
    async (length) => {
      peer.answer = () => undefined;
      const session = await open();
      const end = session.request(submit);
      await vi.waitFor(() => expect(peer.heard).toHaveLength(1), WITHIN);
      peerSocket().write(head(length));
      expect((await end).type).toBe("lost");
      expect(await session.ended).toContain("command_length");
      await vi.waitFor(() => expect(peer.sockets.size).toBe(0), WITHIN);
      expect(heard("generic_nack")).toMatchObject([{ status: statuses.ESME_RINVCMDLEN }]);
    },
  );

  it("whose PDU says more than it holds is answered so, and heard on", async () => {
    await open();
    const whole = encodePdu(receiptPdu(7, "abc"));
    whole.writeUInt8(200, whole.length - 4);
    peerSocket().write(Buffer.concat([whole, head(16, 0x99, 8), encodePdu(receiptPdu(9, "x"))]));
    await vi.waitFor(() => expect(peer.heard).toHaveLength(3), WITHIN);
    const answers = peer.heard.map(({ pdu: { command, status, sequence } }) => {
      return { command, status, sequence };
    });
    expect(answers.toSorted((one, other) => one.sequence - other.sequence)).toEqual([
      { command: "deliver_sm_resp", status: statuses.ESME_RINVMSGLEN, sequence: 7 },
      { command: "generic_nack", status: statuses.ESME_RINVCMDID, sequence: 8 },
      { command: "deliver_sm_resp", status: 0, sequence: 9 },
    ]);
    expect(oddities).toHaveLength(2);
  });

  it("that is asked after a silence, and does not answer, is dead", async () => {
    peer.answer = () => undefined;
    const session = await open({ enquireMs: 100, responseMs: 200 });
    expect(await session.ended).toBe("no answer to enquire_link");
    expect(heard("enquire_link")).toHaveLength(1);
  });

  it("that answers stays, and is asked again", async () => {
    const session = await open({ enquireMs: 30 });
    await vi.waitFor(() => expect(heard("enquire_link").length).toBeGreaterThan(2), WITHIN);
    expect((await session.request(submit)).type).toBe("answered");
  });

  it("has its own questions answered, and may unbind", async () => {
    const session = await open();
    for (const [index, command] of (["enquire_link", "submit_sm", "unbind"] as const).entries()) {
      say(peerSocket(), emptyPdu({ command, sequence: index + 1 }));
    }
    expect(await session.ended).toBe("the peer unbound");
    await vi.waitFor(() => expect(peer.heard).toHaveLength(3), WITHIN);
    expect(peer.heard.map(({ pdu: { command } }) => command)).toEqual([
      "enquire_link_resp",
      "generic_nack",
      "unbind_resp",
    ]);
  });

  it("is told to come again with what does not fit, each of 3,000 receipts once", async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    await open({ onDelivery: () => promise });
    for (let index = 1; index <= 3_000; index++) say(peerSocket(), receiptPdu(index, "id:1"));
    await vi.waitFor(() => expect(peer.heard).toHaveLength(2_000), WITHIN);
    expect(peer.heard.every(({ pdu }) => pdu.status === statuses.ESME_RX_T_APPN)).toBe(true);
    resolve(statuses.ESME_ROK);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(3_000), WITHIN);
    expect(new Set(peer.heard.map(({ pdu }) => pdu.sequence)).size).toBe(3_000);
  });
});

describe("the peer's bytes", () => {
  it("whatever they are, end every request once it closes, and nothing else", async () => {
    const bytes = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 12 });
    const commandIds = fc.constantFrom(4, 5, 0x8000_0004, 0x8000_0000, 0x15, 0x103, 0x99);
    await fc.assert(
      fc.asyncProperty(bytes, commandIds, async (bodies, commandId) => {
        peer.answer = () => undefined;
        const session = await open();
        const end = session.request(submit);
        await vi.waitFor(() => expect(peer.heard.length).toBeGreaterThan(0), WITHIN);
        const socket = peerSocket();
        for (const [index, body] of bodies.entries()) {
          // Some have a header before them, some are none.
          const isFramed = index % 3 !== 2;
          socket.write(isFramed ? head(16 + body.length, commandId, index) : body);
          if (isFramed) socket.write(body);
        }
        socket.end();
        await session.ended;
        expect(["answered", "lost"]).toContain((await end).type);
        expect((await session.request(submit)).type).toBe("unsent");
        await vi.waitFor(() => expect(peer.sockets.size).toBe(0), WITHIN);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a session that is stopped", () => {
  it("begins nothing, waits for its answers, and unbinds", async () => {
    peer.answer = ({ pdu }) => (pdu.command === "submit_sm" ? undefined : {});
    const session = await open();
    const end = session.request(submit);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(1), WITHIN);
    const stopped = session.stop(60_000);
    expect((await session.request(submit)).type).toBe("unsent");
    await sleep(200);
    expect(heard("unbind")).toEqual([]);
    respond(peer.heard[0]!);
    expect((await end).type).toBe("answered");
    await stopped;
    expect(heard("unbind")).toHaveLength(1);
    await vi.waitFor(() => expect(peer.sockets.size).toBe(0), WITHIN);
  });

  it("waits no longer than it is told for a peer that does not answer any more", async () => {
    peer.answer = () => undefined;
    const session = await open();
    const end = session.request(submit);
    await vi.waitFor(() => expect(peer.heard).toHaveLength(1), WITHIN);
    await session.stop(100);
    expect((await end).type).toBe("lost");
  });
});
