// Moments at which a fault does most: a process has just changed something, and does not know it yet; or has just
// read what it is going to decide on.
import { machineOf, type Process } from "./timeline.ts";

export type Work = "load" | "write" | "publish" | "commit" | "call";
/** So often such a thing was done, by whomever. */
export type Moment = { work: Work; count: number };
type Waiting = { work: Work; left: number; run: (machine: string) => void };

export class Moments {
  #waiting: Waiting[] = [];

  /** Runs once, when the moment comes; never, where it does not come before they are forgotten. */
  at({ work, count }: Moment, run: Waiting["run"]): void {
    this.#waiting.push({ work, left: count, run });
  }

  /** A process' request was carried out; its answer is not there yet. */
  note(work: Work, process: Process): void {
    for (const waiting of this.#waiting) {
      if (waiting.work !== work) continue;
      waiting.left -= 1;
      if (waiting.left === 0) waiting.run(machineOf(process));
    }
  }

  forget(): void {
    this.#waiting = [];
  }
}
