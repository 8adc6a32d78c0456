// A partition as one member reads it within one assignment.
import type { Place } from "../reader.ts";

export type Part = Place & {
  /** The offset that is read next. */
  next: number;
  /** How often it was sent elsewhere: what was fetched before is over. */
  seekCount: number;
  isAsked: boolean;
  isInHand: boolean;
  isPaused: boolean;
  /** Its next records are gone, and nobody has said where it goes on. */
  isStopped: boolean;
};

export function createPart({ topic, partition, next }: Place & { next: number }): Part {
  const state = { isAsked: false, isInHand: false, isPaused: false, isStopped: false };
  return { topic, partition, next, seekCount: 0, ...state };
}

export function isToBeAsked({ isAsked, isInHand, isPaused, isStopped }: Part): boolean {
  return !isAsked && !isInHand && !isPaused && !isStopped;
}
