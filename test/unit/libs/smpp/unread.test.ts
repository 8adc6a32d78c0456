import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { expect, it } from "vitest";
import { UNREAD_BYTES_MAX } from "#libs/smpp/limits.ts";
import { emptyPdu, encodePdu } from "#libs/smpp/pdu.ts";
import { openSession } from "#libs/smpp/session.ts";

/** The near end of a connection whose far end reads nothing. Kernels' buffers take minutes to fill. */
class Unread extends Duplex {
  override _read(): void {}
  override _write(): void {}
  destroySoon(): void {
    this.destroy();
  }
}

it("a peer that asks without end and reads no answer is left before they fill the memory", async () => {
  const socket = new Unread();
  const session = openSession(socket as unknown as Socket, {
    responseMs: 60_000,
    enquireMs: 60_000,
    onDelivery: async () => 0,
    onOdd: () => undefined,
  });
  const question = encodePdu(emptyPdu({ command: "enquire_link", sequence: 1 }));
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => question));
  let askedCount = 0;
  while (!socket.destroyed && askedCount < 2 * UNREAD_BYTES_MAX) {
    socket.push(many);
    askedCount += many.length;
    await new Promise(setImmediate);
  }
  expect(await session.ended).toBe("the peer does not read");
  expect(askedCount).toBeGreaterThanOrEqual(UNREAD_BYTES_MAX);
});
