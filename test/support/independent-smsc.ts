// An SMSC that others wrote (`python/smsc.py`), as a process that can be killed.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { vi } from "vitest";
import type { Python } from "#test/support/python-sdk.ts";

const WITHIN = { timeout: 30_000, interval: 20 };

export type Submitted = {
  event: "submit";
  id: string;
  source: [ton: number, npi: number, address: string];
  destination: [ton: number, npi: number, address: string];
  esmClass: number;
  dataCoding: number;
  registeredDelivery: number;
  /** In hex. */
  message: string;
  tlvs: [tag: number, hex: string][];
};

type Event =
  | Submitted
  | { event: "listening" | "unbound" }
  | { event: "bound"; systemId: string }
  | { event: "answered"; status: number };

export type IndependentSmsc = AsyncDisposable & {
  /** In order. */
  events: Event[];
  submitted(): Submitted[];
  /** A receipt's text, and its TLVs by their tags in hex. */
  deliver(receipts: readonly (readonly [text: string, tlvs?: [number, string][]])[]): void;
};

/** `idPrefix` begins its ids. Disposal kills it: its peers hear nothing of that. */
export async function startIndependentSmsc(
  python: Python,
  { port, idPrefix }: { port: number; idPrefix: string },
): Promise<IndependentSmsc> {
  const child = python.start("smsc.py", String(port), idPrefix);
  const exited = once(child, "exit");
  const events: Event[] = [];
  let words = "";
  createInterface(child.stdout).on("line", (line) => events.push(JSON.parse(line)));
  child.stderr.on("data", (chunk) => (words += chunk));
  const smsc: IndependentSmsc = {
    events,
    submitted: () => events.filter((each) => each.event === "submit"),
    deliver(receipts) {
      const deliver = receipts.map(([text, tlvs = []]) => [text, tlvs]);
      child.stdin.write(`${JSON.stringify({ deliver })}\n`);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
  await vi.waitFor(() => {
    if (child.exitCode !== null) throw new Error(`The SMSC ended: ${words}`);
    if (events.length === 0) throw new Error("The SMSC does not listen yet.");
  }, WITHIN);
  return smsc;
}
