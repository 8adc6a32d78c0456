// What a person sees while things are fetched and started: one line for each stage as it happens.
import { stdout } from "node:process";

/** A log without a terminal gets a moving stage at most this often, so that it stays readable. */
const PLAIN_UPDATE_INTERVAL_MS = 5_000;

export type Progress = {
  /** A stage is done, or something is worth knowing. */
  say(sentence: string): void;
  /** A stage goes on; a terminal rewrites its last line. */
  update(sentence: string): void;
};

/** Progress on standard output, each line with the seconds since this call. */
export function createProgress(): Progress {
  const startedAt = performance.now();
  let updatedAt = 0;
  const line = (sentence: string) => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    return `${seconds.padStart(6)} s  ${sentence}`;
  };
  return {
    say: (sentence) => void stdout.write(`${stdout.isTTY ? "\r\x1b[K" : ""}${line(sentence)}\n`),
    update: (sentence) => {
      if (stdout.isTTY) {
        // A line that wraps could not be rewritten.
        stdout.write(`\r\x1b[K${line(sentence).slice(0, stdout.columns - 1)}`);
      } else if (performance.now() - updatedAt >= PLAIN_UPDATE_INTERVAL_MS) {
        updatedAt = performance.now();
        stdout.write(`${line(sentence)}\n`);
      }
    },
  };
}
