// Virtual time: what happens next happens at once, and everything that it leads to, before the next.
// Whatever belongs to a process waits while that is stopped, and never happens once it is killed.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

/** A process of the product, as the operating system sees it. */
export type Process = {
  readonly name: string;
  state: "running" | "stopped" | "killed";
  /** Its wall clock is that of the world, and so much. */
  clockOffsetMs: number;
  /** What came due while it was stopped, in order. */
  held: (() => void)[];
};

/** `channel-dispatcher-1/8` is the eighth process that was started, on `channel-dispatcher-1`. */
export function machineOf({ name }: Process): string {
  return name.slice(0, name.indexOf("/"));
}

export type Happening = {
  at: number;
  order: number;
  run: (() => void) | null;
  process: Process | null;
};

const current = new AsyncLocalStorage<Process | null>();
const realSetImmediate = setImmediate;

/** The process whose code runs; null: it is the world's. */
export function currentProcess(): Process | null {
  return current.getStore() ?? null;
}

export class Timeline {
  /** The world's clock, epoch ms with a fraction. */
  now: number;
  /** How many things have happened. */
  count = 0;
  readonly #heap: Happening[] = [];
  /** What is entered thousands of times is made once: a third of what entering costs. */
  readonly #scopes = new Map<Process, AsyncResource>();
  #order = 0;

  constructor(startedAt: number) {
    this.now = startedAt;
  }

  /** Lets `run` happen in so many ms, as part of `process`. */
  after(ms: number, run: () => void, process: Process | null = currentProcess()): Happening {
    const happening = { at: this.now + Math.max(0, ms), order: this.#order++, run, process };
    this.#push(happening);
    return happening;
  }

  /** Resolves in so many ms of the world, for whoever waits in this process. */
  sleep(ms: number, process: Process | null = currentProcess()): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve, process));
  }

  /** Runs `work` as part of a process. */
  enter<T>(process: Process | null, work: () => T): T {
    return current.run(process, work);
  }

  goOn(process: Process): void {
    process.state = "running";
    const { held } = process;
    process.held = [];
    for (const run of held) this.after(0, run, process);
  }

  /** Goes on until `isOver`, or `until`. */
  async run(until: number, isOver: () => boolean = () => false): Promise<void> {
    for (;;) {
      // Out of any promise's continuation: only there can others be carried out to their end.
      const isDone = await inTurn(() => this.#runSome(until, isOver));
      if (isDone) break;
    }
    if (!isOver()) this.now = Math.max(this.now, until);
  }

  /** True once it is over. */
  #runSome(until: number, isOver: () => boolean): boolean {
    drain();
    for (let count = 0; count < SOME; count++) {
      const next = this.#heap[0];
      if (!next || next.at > until || isOver()) return true;
      this.#pop();
      this.now = Math.max(this.now, next.at);
      if (!next.run || !this.#happens(next.process, next.run)) continue;
      this.count += 1;
      drain();
    }
    return false;
  }

  #happens(process: Process | null, run: () => void): boolean {
    if (process?.state === "killed") return false;
    if (process?.state === "stopped") {
      process.held.push(run);
      return false;
    }
    // What happens to the world happens outside of every process already.
    if (process === null) run();
    else this.#scopeOf(process).runInAsyncScope(run);
    return true;
  }

  #scopeOf(process: Process): AsyncResource {
    let scope = this.#scopes.get(process);
    if (!scope) {
      scope = current.run(process, () => new AsyncResource("PROCESS"));
      this.#scopes.set(process, scope);
    }
    return scope;
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let index = heap.push(happening) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent]!, happening)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** So much happens before others of this real process, such as a test runner, have their turn. */
const SOME = 2_000;

function inTurn<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    realSetImmediate(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

/**
 * Carries out all microtasks and next ticks that there are, and those that they lead to. Node has no
 * public call for it; a turn of the event loop does the same, at ten times the price.
 */
function drain(): void {
  tickCallback();
}

const { _tickCallback: tickCallback } = process as unknown as { _tickCallback: () => void };
