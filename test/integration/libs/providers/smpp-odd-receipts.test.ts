// An odd receipt on a line: kept as it came, before the SMSC may forget it.
import { expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import type { Line, ReadReceipts } from "#libs/providers/provider.ts";
import { receiptRecords } from "#libs/providers/receipt-records.ts";
import { encodePdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { tags } from "#libs/smpp/tlvs.ts";
import { smppLine } from "#test/support/smpp-line.ts";
import { receiptPdu, startSmppPeer } from "#test/support/smpp-peer.ts";

const WITHIN = { timeout: 30_000, interval: 20 };

async function isAway(): Promise<never> {
  throw new RetriableError("Kafka is away.");
}

/** What a dispatcher publishes of it. */
function recordsOf(read: ReadReceipts) {
  const codec = { encode: () => Buffer.alloc(0) };
  return receiptRecords(read, { topic: "status-reports", codec, now: Date.now });
}

/** A line whose receipts Kafka takes at the second try, and what its peer and Kafka have of it by then. */
async function delivered(bytes: Buffer) {
  await using opened = new AsyncDisposableStack();
  const peer = opened.use(await startSmppPeer());
  const read: ReadReceipts[] = [];
  let takeReceipts: Line["takeReceipts"] = isAway;
  const adapter = opened.use(smppLine({ port: peer.port }, (taken) => takeReceipts(taken)));
  await vi.waitFor(() => expect(peer.heard).not.toEqual([]), WITHIN);
  await vi.waitFor(() => expect(adapter.state?.()).toEqual({ type: "bound" }), WITHIN);
  const answers = () => peer.heard.filter(({ pdu }) => pdu.command === "deliver_sm_resp");
  [...peer.sockets][0]!.write(bytes);
  await vi.waitFor(() => expect(answers()).toHaveLength(1), WITHIN);
  takeReceipts = async (taken) => void read.push(taken);
  [...peer.sockets][0]!.write(bytes);
  await vi.waitFor(() => expect(answers()).toHaveLength(2), WITHIN);
  const letters = (await Promise.all(read.map(recordsOf))).flat();
  return { said: answers().map((each) => each.pdu.status), letters };
}

const putOffThenTaken = [statuses.ESME_RX_T_APPN, statuses.ESME_ROK];

it.each([
  ["no id", "stat:DELIVRD", "It names no message"],
  ["no state", "id:m1", "It says no state"],
  ["an id of 251 octets", `id:${"9".repeat(251)} stat:X`, "longer than any"],
  ["an id beyond any report's", `id:${"9".repeat(600)} stat:X`, "too-long at /reportId"],
  ["nothing of a receipt", "no receipt at all", "It names no message"],
])("with %s is a dead letter as it came, and then acknowledged", async (_what, text, reason) => {
  const tlvs = [{ tag: tags.messagePayload, value: Buffer.from(text) }];
  const bytes = encodePdu(receiptPdu(1, "", { tlvs }));
  const { said, letters } = await delivered(bytes);
  expect(said).toEqual(putOffThenTaken);
  expect(letters).toMatchObject([{ topic: "status-reports-dlt", key: "smpp.1", value: bytes }]);
  expect(String(letters[0]?.headers?.["ft-dlt-reason"])).toContain(reason);
});

it("that is malformed is a dead letter as it came, and then acknowledged", async () => {
  const bytes = encodePdu(receiptPdu(1, "id:m1 stat:DELIVRD"));
  // Its last TLV is said to be longer than what there is.
  const malformed = Buffer.concat([bytes, Buffer.from([0x04, 0x24, 0xff, 0xff, 0x41])]);
  malformed.writeUInt32BE(malformed.length, 0);
  const { said, letters } = await delivered(malformed);
  expect(said).toEqual(putOffThenTaken);
  expect(letters).toMatchObject([{ topic: "status-reports-dlt", value: malformed }]);
  const reason = String(letters[0]?.headers?.["ft-dlt-reason"]);
  expect(reason).toBe("It is malformed: a TLV goes beyond the PDU.");
});
