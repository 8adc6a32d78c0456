// Whoever goes on showing wrong keys is answered slower, and then told to wait. Only answers to wrong keys
// are touched: a good key behind the same address passes as ever, so nobody can lock out another.
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpFault } from "#libs/http/http-fault.ts";
import { strangerCount } from "../metrics.ts";

/** A client that was set up wrongly, and a person who mistypes, stay below. */
const TRIES_MAX = 300;
/** How long a try counts, by which the others come back one after the other. */
const TRY_MS = 1_000;
const PAUSE_MS = 1_000;
/** Each holds a connection while it waits; beyond these the answer comes at once. */
const PAUSED_COUNT_MAX = 200;
/** Of addresses that are remembered; the one that was silent for longest is forgotten first. */
const ADDRESS_COUNT_MAX = 10_000;

/** By address: when all of its tries have come back, ms of this process's clock. */
const freeAt = new Map<string, number>();
let pausedCount = 0;

/** What an address that shows wrong keys is told in place of its answer; null: nothing yet. */
export async function slowDown(address: string): Promise<HttpFault | null> {
  const now = performance.now();
  const place = placeOf(address);
  const at = Math.max(freeAt.get(place) ?? 0, now) + TRY_MS;
  const isOver = at - now > TRIES_MAX * TRY_MS;
  remember(place, isOver ? at - TRY_MS : at);
  if (!isOver) return null;
  strangerCount.inc();
  await pause();
  const advice = "wrong keys came too often from this address.";
  return { status: 429, advice, retryAfterSeconds: TRY_MS / 1_000 };
}

/** Newest last, so that the first one is who was silent for longest. */
function remember(place: string, at: number): void {
  freeAt.delete(place);
  freeAt.set(place, at);
  const [oldest] = freeAt.keys();
  if (freeAt.size > ADDRESS_COUNT_MAX && oldest !== undefined) freeAt.delete(oldest);
}

async function pause(): Promise<void> {
  if (pausedCount >= PAUSED_COUNT_MAX) return;
  pausedCount += 1;
  await sleep(PAUSE_MS).finally(() => void (pausedCount -= 1));
}

/** Of IPv6 a household has a whole /64. */
function placeOf(address: string): string {
  return address.includes(".") ? address : address.split(":").slice(0, 4).join(":");
}
