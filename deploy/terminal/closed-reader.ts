// What it means for a command that nobody reads any more what it prints, as with `| head`.
import { EXIT } from "./faults.ts";

let isGoingOn = false;

/** Ends the process then, which is no fault, unless it goes on unread; a command that has failed by then has failed. */
export function endWithReader(): void {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (!isGoingOn) process.exit(process.exitCode ?? (code === "EPIPE" ? EXIT.ok : EXIT.usage));
  });
}

/** For what changes something: it would be left half-way, and be told for done. */
export function goOnUnread(): void {
  isGoingOn = true;
}
