import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PDU_MS_MAX } from "#libs/smpp/limits.ts";
import { emptyPdu, encodePdu } from "#libs/smpp/pdu.ts";
import { readPdus } from "#libs/smpp/read-pdus.ts";

const bytes = encodePdu(emptyPdu({ command: "enquire_link", sequence: 1 }));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function reading() {
  const stream = new PassThrough();
  const read = { pduCount: 0, why: "" };
  readPdus(stream, {
    onBytes: () => undefined,
    onPdu: () => (read.pduCount += 1),
    onFault: ({ why }) => (read.why = why),
    onEnd: (why) => (read.why = why),
  });
  const say = async (chunk: Buffer) => {
    stream.write(chunk);
    await new Promise(setImmediate);
  };
  return { read, say };
}

it("a PDU that is not whole within ten seconds ends the reading, however its bytes drip", async () => {
  const { read, say } = reading();
  for (const byte of bytes.subarray(0, 9)) {
    await say(Buffer.of(byte));
    vi.advanceTimersByTime(PDU_MS_MAX / 10);
    expect(read.why).toBe("");
  }
  vi.advanceTimersByTime(PDU_MS_MAX / 10);
  expect(read.why).toContain("10000 ms");
});

it("a peer that begins the next PDU with the end of each has ten seconds for every one", async () => {
  const { read, say } = reading();
  await say(bytes.subarray(0, 8));
  for (let count = 1; count <= 5; count++) {
    vi.advanceTimersByTime(PDU_MS_MAX - 1);
    await say(Buffer.concat([bytes.subarray(8), bytes.subarray(0, 8)]));
    expect(read).toEqual({ pduCount: count, why: "" });
  }
  vi.advanceTimersByTime(PDU_MS_MAX);
  expect(read.why).toContain("10000 ms");
});

it("silence between PDUs is none", async () => {
  const { read, say } = reading();
  await say(bytes);
  vi.advanceTimersByTime(100 * PDU_MS_MAX);
  expect(read).toEqual({ pduCount: 1, why: "" });
});
