import { setTimeout as sleep } from "node:timers/promises";

/**
 * What was asked for, or `silence` after `ms`: also a connection that is only being made is not waited for
 * longer. A rejection that comes later is nobody's.
 */
export function within<Said>(ms: number, asking: Promise<Said>, silence: Said): Promise<Said> {
  return Promise.race([asking, sleep(Math.max(ms, 0), silence, { ref: false })]);
}
