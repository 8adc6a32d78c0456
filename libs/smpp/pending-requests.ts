// Requests that wait for their answer, by their numbers.
import { type CommandName, responseTo } from "./commands.ts";
import { SEQUENCE_MAX } from "./limits.ts";
import type { Pdu } from "./pdu.ts";

export type RequestEnd =
  | { type: "answered"; pdu: Pdu }
  /** It went out, and nobody can tell what became of it. */
  | { type: "lost"; why: string }
  /** It did not go out. */
  | { type: "unsent" };

/** The number after `last` that no request has: 1 comes after the largest one. */
export function nextSequence(last: number, isPending: (sequence: number) => boolean): number {
  let next = last;
  do next = next >= SEQUENCE_MAX ? 1 : next + 1;
  while (isPending(next));
  return next;
}

export type PendingRequests = {
  /** Waits for `withinMs`, at most, for an answer to a request of the number that it gives. */
  add(command: CommandName, withinMs: number): { sequence: number; end: Promise<RequestEnd> };
  /** False for an answer that nobody waits for: it came twice, too late, or answers another command. */
  settle(pdu: Pdu): boolean;
  /** What answered it cannot be read. */
  lose(sequence: number, why: string): boolean;
  loseAll(why: string): void;
  /** Resolves once all that wait now have ended. */
  idle(): Promise<unknown>;
};

type Waiting = {
  command: CommandName;
  end: (how: RequestEnd) => void;
  ended: Promise<RequestEnd>;
};

/** Requests without an answer, by their sequence numbers. */
export function pendingRequests(): PendingRequests {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  function end(sequence: number, how: RequestEnd): boolean {
    const found = waiting.get(sequence);
    if (!found) return false;
    waiting.delete(sequence);
    found.end(how);
    return true;
  }

  return {
    add(command, withinMs) {
      last = nextSequence(last, (each) => waiting.has(each));
      const sequence = last;
      const { promise, resolve } = Promise.withResolvers<RequestEnd>();
      const lose = () => end(sequence, { type: "lost", why: `no answer within ${withinMs} ms` });
      // A process that stood still first reads what has come meanwhile: sockets come before that.
      const timer = setTimeout(() => setImmediate(lose), withinMs);
      waiting.set(sequence, {
        command,
        ended: promise,
        end(how) {
          clearTimeout(timer);
          resolve(how);
        },
      });
      return { sequence, end: promise };
    },
    settle(pdu) {
      const wanted = waiting.get(pdu.sequence)?.command;
      if (wanted === undefined) return false;
      const isAnswer = pdu.command === responseTo(wanted) || pdu.command === "generic_nack";
      return isAnswer && end(pdu.sequence, { type: "answered", pdu });
    },
    lose: (sequence, why) => end(sequence, { type: "lost", why }),
    idle: () => Promise.all([...waiting.values()].map(({ ended }) => ended)),
    loseAll(why) {
      for (const sequence of waiting.keys()) end(sequence, { type: "lost", why });
    },
  };
}
