// Goal: whatever an account's connections answer, nobody but one may have the message, they are asked in
// their order, what each refused is told, and it ends with the step. Method: connections whose answers are
// drawn, in virtual time, by the rules that the dispatchers follow.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { admit } from "#libs/dispatch-rules/admit.ts";
import { type Conclusion, conclude, type Word } from "#libs/dispatch-rules/conclude.ts";
import { hold } from "#libs/dispatch-rules/hold.ts";
import { type Asked, routeOf, routesLeft } from "#libs/dispatch-rules/pass-on.ts";
import type { Asking, Tries } from "#libs/dispatch-store/replies.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { always } from "#test/support/fallback-histories.ts";

const text = "no";
const anyAnswer = fc.oneof(
  fc.constant<ProviderAnswer>({ type: "accepted", providerMessageId: "p", segmentCount: null }),
  fc.constant<ProviderAnswer>({ type: "unknown", text }),
  fc.record({
    type: fc.constant("temporary" as const),
    code: fc.constantFrom("429", "503"),
    text: fc.constant(text),
    retryAfterMs: fc.constantFrom(0, 5_000, 3_600_000),
  }),
  fc.record({
    type: fc.constant("refused" as const),
    code: fc.constantFrom("12", "content-not-served"),
    errorClass: fc.constantFrom("SENDER", "TEMPORARY", "PERMANENT", "CONTENT"),
    text: fc.constant(text),
    isLoginRefused: fc.boolean(),
    isFinal: fc.boolean(),
  }),
);

/** A connection, and what it answers each time; the last answer for ever. */
const anyConnection = fc.record({
  answers: fc.array(anyAnswer, { minLength: 1, maxLength: 4 }),
  takesIdempotencyKeys: fc.boolean(),
});
const anyCase = fc.record({
  connections: fc.array(anyConnection, { minLength: 1, maxLength: 5 }),
  notAfter: fc.constantFrom(500, 10_000, 120_000),
  onUnknown: fc.constantFrom("WAIT" as const, "REPEAT" as const),
});
type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;
type Call = { index: number; at: number; round: number; answer: ProviderAnswer };
type Told = { word: Word; asked: Asked; passed: Asking["passed"] };

/** Plenty for two minutes of tries, each at least a second after the last round. */
const TURN_COUNT_MAX = 2_000;

function play({ connections, notAfter, onUnknown }: Case): { calls: Call[]; told: Told } {
  const command: Pick<DispatchCommand, "notAfter" | "onUnknown" | "attemptIndex"> = {
    notAfter,
    onUnknown,
    attemptIndex: 0,
  };
  const routes = connections.map((each, index) => ({
    ...each,
    index,
    connection: `c${index}`,
    provider: `p.${index}`,
  }));
  const calls: Call[] = [];
  const counts = connections.map(() => 0);
  let item: Tries & Asking = { refusalCount: 0, lossCount: 0, called: null, passed: [] };
  let [at, round] = [0, 0];
  for (let turn = 0; turn < TURN_COUNT_MAX; turn++) {
    const { lossCount, called, passed } = item;
    const first: Asked = routes.find(({ provider }) => provider === called) ?? routes[0]!;
    const admission = admit({ command, isAbandoned: false, lossCount }, null, at);
    if (admission.type !== "call") {
      return { calls, told: { word: { status: "EXPIRED" }, asked: first, passed } };
    }
    const left = routesLeft(routes, { ...item, isLost: lossCount > 0 });
    const route = left[0];
    let conclusion: Conclusion;
    if (route) {
      const count = counts[route.index] ?? 0;
      counts[route.index] = count + 1;
      const answer = route.answers[Math.min(count, route.answers.length - 1)]!;
      calls.push({ index: route.index, at, round, answer });
      conclusion = conclude(answer, {
        ...item,
        command,
        nowMs: at,
        asked: route,
        othersCount: left.length - 1,
        takesIdempotencyKeys: route.takesIdempotencyKeys,
        timeScale: 1,
      });
    } else {
      conclusion = hold([], { ...item, command, nowMs: at, spread: 0 });
    }
    const asked = route ?? first;
    if (conclusion.type === "report")
      return { calls, told: { word: conclusion.word, asked, passed } };
    const { because, delayMs } = conclusion;
    // As put-off.lua keeps it.
    const losses = lossCount + (because === "lost" ? 1 : 0);
    item = {
      refusalCount: item.refusalCount + (because === "refused" ? 1 : 0),
      lossCount: losses,
      called: losses > 0 ? asked.provider : null,
      passed: conclusion.passed,
    };
    if (delayMs > 0) round += 1;
    at += delayMs;
  }
  throw new Error("It never ends.");
}

it("never lets two connections have one message", () => {
  always(anyCase, (given) => {
    const { calls } = play(given);
    const taken = calls.findIndex(({ answer }) => ["accepted", "unknown"].includes(answer.type));
    const later = taken === -1 ? [] : calls.slice(taken);
    assert.ok(new Set(later.map(({ index }) => index)).size <= 1);
    const accepted = calls.findIndex(({ answer }) => answer.type === "accepted");
    assert.ok(accepted === -1 || accepted === calls.length - 1);
  });
});

it("asks them in their order, each once until it pauses, and never again whom no repeat may reach", () => {
  always(anyCase, (given) => {
    const { calls } = play(given);
    assert.equal(calls[0]?.index, 0);
    for (const [at, call] of calls.entries()) {
      const before = calls[at - 1];
      if (before?.round === call.round) assert.ok(before.index < call.index);
    }
    for (const [at, call] of calls.entries()) {
      if (!isFinal(call)) continue;
      assert.ok(calls.slice(at + 1).every(({ index }) => index !== call.index));
    }
  });
});

it("tells what each of them refused, and ends with the step", () => {
  always(anyCase, (given) => {
    const { calls, told } = play(given);
    assert.ok(calls.every(({ at }) => at < given.notAfter));
    const refusals = new Map(
      (routeOf(told.passed, told.asked)?.refusals ?? []).map((each) => [each.connection, each]),
    );
    for (const [index] of given.connections.entries()) {
      const last = calls.findLast((call) => call.index === index)?.answer;
      if (!last || `c${index}` === told.asked.connection) continue;
      if (last.type !== "refused" && last.type !== "temporary") continue;
      assert.equal(refusals.get(`c${index}`)?.errorCode, last.code);
    }
  });
});

function isFinal({ answer }: Call): boolean {
  return answer.type === "refused" && answer.isFinal === true;
}
