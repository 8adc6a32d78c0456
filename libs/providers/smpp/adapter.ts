// Submits on the binds of a connection.
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BindState } from "#libs/smpp/kept-bind.ts";
import type { RequestEnd } from "#libs/smpp/pending-requests.ts";
import { type NoPlace, type Place, type Pool, submittingStates } from "#libs/smpp/pool.ts";
import { createRequestRate, type RequestRate } from "#libs/smpp/request-rate.ts";
import type { Request } from "#libs/smpp/session.ts";
import type { LineState, ProviderAdapter, ProviderAnswer } from "../provider-adapter.ts";
import { answerOfEnds, gone } from "./answer.ts";
import { countStates, openBinds, type SmppLine } from "./binds.ts";
import { cancelAll } from "./cancel.ts";
import { THROTTLING } from "./codes.ts";
import { throttledCounter } from "./metrics.ts";
import { type Submits, submitsOf } from "./submit.ts";

/** References of parts: any sixteen bits. */
const REFERENCE_COUNT = 0x1_0000;
const STATES_INTERVAL_MS = 1_000;
/** A bind is answered in less than that, if it is. */
const LOOK_AGAIN_MS = 250;

export function smppAdapter(line: SmppLine): ProviderAdapter {
  const { options, provider, timeoutMs } = line;
  const pool = openBinds(line);
  const requestRate = createRequestRate(options.rate, () => performance.now());
  const counting = setInterval(() => countStates(provider, pool.lines), STATES_INTERVAL_MS);
  let reference = randomInt(REFERENCE_COUNT);
  return {
    provider,
    // SMPP knows no key that makes a repeated submit_sm harmless.
    takesIdempotencyKeys: () => false,
    async dispatch(command, isInTime) {
      reference = (reference + 1) % REFERENCE_COUNT;
      const submits = submitsOf(command, reference, options);
      if ("type" in submits) return submits;
      return submitAll(submits, { ...line, pool, requestRate, isInTime });
    },
    revoke: (taken, withinMs) => cancelAll(taken, { pool, options, withinMs }),
    state: () => stateOf(pool, requestRate, options.rate),
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      clearInterval(counting);
      countStates(provider, []);
    },
  };

  /** Its turn, a place on a bind, and only then the question whether it is still wanted. */
  async function submitAll(submits: Submits, submitting: Submitting): Promise<ProviderAnswer> {
    const { requests } = submits;
    const turn = await takeTurn(requests.length, submitting);
    if (turn) return turn;
    const place = await pool.enter(timeoutMs);
    if ("why" in place || !submitting.isInTime()) {
      requestRate.giveBack(requests.length);
      return notSent(place);
    }
    const ends = await sendAll(place, submits, submitting);
    return answerOfEnds(ends, { ...submits, ids: options.ids });
  }
}

type Submitting = SmppLine & { pool: Pool; requestRate: RequestRate; isInTime: () => boolean };

/** An answer where the turn would come too late. */
async function takeTurn(
  count: number,
  { requestRate, timeoutMs }: Submitting,
): Promise<ProviderAnswer | undefined> {
  const waitMs = requestRate.reserve(count, timeoutMs);
  if (waitMs === undefined) {
    const text = "So many wait for the connection's rate that its turn comes later.";
    return { type: "temporary", code: "rate", text, retryAfterMs: timeoutMs };
  }
  if (waitMs > 0) await sleep(waitMs);
  return undefined;
}

function notSent(place: Place | NoPlace): ProviderAnswer {
  if ("why" in place) return gone(place.why, place.retryAfterMs);
  place.giveBack();
  return { type: "late" };
}

async function sendAll(
  place: Place,
  { requests: [first, ...others] }: Submits,
  submitting: Submitting,
): Promise<RequestEnd[]> {
  if (!first) return [];
  const endsAt = performance.now() + submitting.timeoutMs;
  if (others.length === 0) return [await send(place, first, { ...submitting, endsAt })];
  const places = [Promise.resolve<Place | NoPlace>(place)];
  for (const _ of others) places.push(submitting.pool.enter(endsAt - performance.now()));
  return Promise.all(
    [first, ...others].map(async (request, index) =>
      sendPart(request, (await places[index]) ?? place, { ...submitting, endsAt }),
    ),
  );
}

type Sending = Submitting & { endsAt: number };

/** One part's refusal for now is repeated here: sent again, the others would be another message. */
async function sendPart(
  request: Request,
  place: Place | NoPlace,
  sending: Sending,
): Promise<RequestEnd> {
  if ("why" in place) return { type: "unsent" };
  const end = await send(place, request, sending);
  const leftMs = sending.endsAt - performance.now();
  const pauseMs = isThrottling(end) ? sending.requestRate.reserve(1, leftMs) : undefined;
  if (pauseMs === undefined) return end;
  await sleep(pauseMs);
  const again = await sending.pool.enter(Math.max(0, sending.endsAt - performance.now()));
  return "why" in again ? end : sendPart(request, again, sending);
}

async function send(
  place: Place,
  request: Request,
  { requestRate, provider, endsAt }: Sending,
): Promise<RequestEnd> {
  const withinMs = Math.max(1, endsAt - performance.now());
  const end = await place.send({ ...request, withinMs });
  if (isThrottling(end)) {
    requestRate.throttle();
    throttledCounter.inc({ provider });
  }
  return end;
}

function isThrottling(end: RequestEnd): boolean {
  return end.type === "answered" && THROTTLING.has(end.pdu.status);
}

/** A line that was not down yet is about to be bound: a message waits for that in its call. */
function stateOf(pool: Pool, requestRate: RequestRate, rate: number): LineState {
  const states = submittingStates(pool.lines);
  const isNew = states.some((state) => state.type === "connecting" && state.why === undefined);
  if (!isNew && !states.some(({ type }) => type === "bound")) return downState(states);
  if (requestRate.rate() >= rate) return { type: "bound" };
  const why = `The SMSC throttles: ${requestRate.rate().toFixed(1)} segments a second instead of ${rate}.`;
  return { type: "throttled", why };
}

/** The soonest bind is the next one to hope for. */
function downState(states: readonly BindState[]): LineState {
  const whys = states.flatMap((state) => ("why" in state && state.why ? [state.why] : []));
  const retries = states.flatMap((state) => (state.type === "down" ? [state.retryAt] : []));
  const retryAfterMs = Math.min(...retries, Number.MAX_SAFE_INTEGER) - performance.now();
  const why = `No bind: ${whys[0] ?? "the connection was closed"}.`;
  return {
    type: "down",
    why,
    retryAfterMs: Math.max(LOOK_AGAIN_MS, retries.length ? retryAfterMs : 0),
  };
}
