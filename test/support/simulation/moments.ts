// Moments at which a fault does most: a process has just changed something, and does not know it yet, or it
// is about to decide by what it is told next.
import type { Process } from "./timeline.ts";

/** So many more things that a machine's process has others do: what it loads, writes, publishes, commits or calls. */
export type Moment = { machine: string; count: number };
type Waiting = { left: number; run: () => void };

export class Moments {
  readonly #waiting = new Map<string, Waiting[]>();

  /** Runs once, when the moment comes; never, where it does not come before they are forgotten. */
  at({ machine, count }: Moment, run: () => void): void {
    const waiting = this.#waiting.get(machine) ?? [];
    this.#waiting.set(machine, [...waiting, { left: count, run }]);
  }

  /** A process' request was carried out; its answer is not there yet. */
  note({ name }: Process): void {
    const machine = name.slice(0, name.indexOf("/"));
    for (const waiting of this.#waiting.get(machine) ?? []) {
      waiting.left -= 1;
      if (waiting.left === 0) waiting.run();
    }
  }

  forget(): void {
    this.#waiting.clear();
  }
}
