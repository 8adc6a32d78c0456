// The binds of one connection, and who may submit on which: no bind has more requests without an
// answer than its window holds.
import type { BindState, KeptBind } from "./kept-bind.ts";
import type { RequestEnd } from "./pending-requests.ts";
import type { Request, Session } from "./session.ts";

/** Leave to send one request; it is used or given back. */
export type Place = {
  send(request: Request): Promise<RequestEnd>;
  giveBack(): void;
};

/** `retryAfterMs`: nothing is bound, and nothing will be before that. */
export type NoPlace = { why: string; retryAfterMs: number };

export type Pool = AsyncDisposable & {
  /** Waits for a place for `withinMs` at most; not at all while every bind is down. */
  enter(withinMs: number): Promise<Place | NoPlace>;
  lines: readonly KeptBind[];
};

type Options = {
  windowSize: number;
  /** Opens the lines; each says when its state changes. */
  open: (onState: (state: BindState) => void) => readonly KeptBind[];
};

/** Places on the lines that are bound, at most `windowSize` on each; who finds none waits in order. */
export function openPool({ windowSize, open }: Options): Pool {
  const openCounts = new WeakMap<Session, number>();
  const queue = new Set<(place: Place | NoPlace) => void>();
  const lines = open(() => queueMicrotask(serve));

  function serve(): void {
    for (const give of queue) {
      const place = find();
      if (!place) return;
      queue.delete(give);
      give(place);
    }
  }

  function find(): Place | NoPlace | undefined {
    const states = submittingStates(lines);
    const bound = states.flatMap((state) => (state.type === "bound" ? [state.session] : []));
    const [session] = bound.toSorted((a, b) => openCount(a) - openCount(b));
    if (session) return openCount(session) < windowSize ? placeOn(session) : undefined;
    return noneBound(states);
  }

  function openCount(session: Session): number {
    return openCounts.get(session) ?? 0;
  }

  function placeOn(session: Session): Place {
    openCounts.set(session, openCount(session) + 1);
    const giveBack = () => {
      openCounts.set(session, openCount(session) - 1);
      serve();
    };
    return { giveBack, send: (request) => session.request(request).finally(giveBack) };
  }

  return {
    enter(withinMs) {
      const found = queue.size === 0 ? find() : undefined;
      if (found) return Promise.resolve(found);
      return new Promise((resolve) => {
        const giveUp = () => {
          queue.delete(give);
          resolve({ why: "no bind had room in its window", retryAfterMs: 0 });
        };
        const timer = setTimeout(giveUp, withinMs);
        const give = (place: Place | NoPlace) => {
          clearTimeout(timer);
          resolve(place);
        };
        queue.add(give);
        serve();
      });
    },
    lines,
    async [Symbol.asyncDispose]() {
      await Promise.all(lines.map((line) => line[Symbol.asyncDispose]()));
    },
  };
}

/** Of those that can submit. */
export function submittingStates(lines: readonly KeptBind[]): BindState[] {
  return lines.filter(({ mode }) => mode !== "receiver").map((line) => line.state());
}

/** Undefined while one of them may be bound any moment. */
function noneBound(states: readonly BindState[]): NoPlace | undefined {
  if (states.some(({ type }) => type === "connecting")) return undefined;
  const downs = states.flatMap((state) => (state.type === "down" ? [state] : []));
  const [first] = downs.toSorted((a, b) => a.retryAt - b.retryAt);
  if (!first) return { why: "the connection was closed", retryAfterMs: 0 };
  return { why: first.why, retryAfterMs: Math.max(0, first.retryAt - performance.now()) };
}
