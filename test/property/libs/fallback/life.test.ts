// Goal: whatever a message is told, its steps start in order and once, and it ends once. Method:
// random lives of a message, checked turn by turn.
import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { timerDueAt } from "#libs/fallback/state.ts";
import { hasReached, isFailure, satisfies } from "#libs/fallback/words.ts";
import {
  inEveryLife,
  lastState,
  live,
  rules,
  type Turn,
} from "#test/support/fallback-histories.ts";

const eventsOf = (turns: readonly Turn[]) => turns.flatMap((turn) => turn.events);

describe("a step", () => {
  it("starts at most once and in order, never more of them than the flow has", () => {
    inEveryLife((turns) => {
      const started = eventsOf(turns).filter((event) => event.type === "ATTEMPT_STARTED");
      const { steps, attempts } = lastState(turns);
      assert.deepEqual(
        started.map((event) => event.attemptIndex),
        [...attempts.keys()],
      );
      assert.ok(attempts.length <= steps.length);
    });
  });

  it("starts only right after the one before it was left", () => {
    inEveryLife((turns) => {
      const events = eventsOf(turns);
      for (const [index, event] of events.entries()) {
        if (event.type !== "ATTEMPT_STARTED" || event.attemptIndex === 0) continue;
        const before = events[index - 1];
        assert.ok(before?.type === "ATTEMPT_LEFT");
        assert.equal(before.attemptIndex, event.attemptIndex - 1);
      }
    });
  });

  it("has its whole wait, counted from its start", () => {
    inEveryLife((turns) => {
      const { steps } = lastState(turns);
      for (const event of eventsOf(turns)) {
        if (event.type !== "ATTEMPT_STARTED") continue;
        const waitMs = steps[event.attemptIndex]?.waitMs ?? rules.listeningMs;
        assert.equal(event.dueAt, event.at + waitMs);
      }
    });
  });

  it("is left for a reason: a wait that is over, a failure, or unread where read is wanted", () => {
    inEveryLife((turns) => {
      const { steps, attempts } = lastState(turns);
      for (const event of eventsOf(turns)) {
        if (event.type !== "ATTEMPT_LEFT") continue;
        const { wanted, waitMs } = steps[event.attemptIndex]!;
        const { startedAt } = attempts[event.attemptIndex]!;
        const reasons = {
          "wait-ended": waitMs !== null && event.at >= startedAt + waitMs,
          "failure-report": isFailure(event.status),
          "unread-report": wanted === "READ",
        };
        assert.ok(reasons[event.rule]);
        assert.ok(!satisfies(event.status, wanted));
      }
    });
  });

  it("is in flight only as the last of an open message", () => {
    inEveryLife((turns) => {
      for (const { after } of turns) {
        const inFlight = after.attempts.filter((attempt) => attempt.endedAt === null);
        assert.deepEqual(inFlight, after.phase === "RUNNING" ? after.attempts.slice(-1) : []);
      }
    });
  });
});

describe("a message", () => {
  it("has exactly one timer while it is open and none before or after", () => {
    inEveryLife((turns) => {
      for (const { after } of turns) {
        const isOpen = after.phase === "SCHEDULED" || after.phase === "RUNNING";
        const dueAt = timerDueAt(after);
        assert.equal(Number.isFinite(dueAt), isOpen);
        if (dueAt !== null) assert.ok(dueAt <= (after.expiresAt ?? Infinity));
      }
    });
  });

  it("starts nothing, is not left and does not end again once it has ended", () => {
    inEveryLife((turns) => {
      const isQuiet = new Set(["STATUS_CHANGED", "REPORT_NOTED", "OUTCOME_AMENDED"]);
      for (const { before, after, events } of turns) {
        if (before.phase !== "ENDED") continue;
        assert.equal(after.phase, "ENDED");
        assert.ok(events.every((event) => isQuiet.has(event.type)));
      }
    });
  });

  it("starts nothing once its own deadline has passed", () => {
    inEveryLife((turns) => {
      const { expiresAt } = lastState(turns);
      for (const event of eventsOf(turns)) {
        if (event.type === "ATTEMPT_STARTED") assert.ok(event.at < (expiresAt ?? Infinity));
      }
    });
  });

  it("ends exactly once, and its outcome's revisions rise one by one", () => {
    inEveryLife((turns) => {
      const told = eventsOf(turns).filter(
        (event) => event.type === "MESSAGE_ENDED" || event.type === "OUTCOME_AMENDED",
      );
      const { phase, revision } = lastState(turns);
      for (const [index, event] of told.entries()) {
        assert.equal(event.revision, index + 1);
        assert.equal(event.type === "MESSAGE_ENDED", index === 0);
      }
      assert.equal(revision, told.length);
      assert.equal(phase === "ENDED", told.length > 0);
    });
  });

  it("is open only as long as no attempt has what its step wants", () => {
    inEveryLife((turns) => {
      for (const { after } of turns) {
        const hasSucceeded = after.attempts.some(({ status }, index) => {
          return satisfies(status, after.steps[index]!.wanted);
        });
        const isDeaf = after.phase === "ENDED" && after.lateReports === "IGNORE";
        if (hasSucceeded && !isDeaf) assert.equal(after.outcome, "SUCCEEDED");
      }
    });
  });

  it("is a duplicate exactly if two attempts reached the recipient", () => {
    inEveryLife((turns) => {
      for (const { after } of turns) {
        if (after.phase !== "ENDED") continue;
        const reached = after.attempts.filter((attempt) => hasReached(attempt.status));
        assert.equal(after.duplicate, reached.length >= 2);
      }
    });
  });

  it("never takes a success back", () => {
    inEveryLife((turns) => {
      for (const { before, after } of turns) {
        if (before.outcome === "SUCCEEDED") assert.equal(after.outcome, "SUCCEEDED");
        if (before.succeededIndex !== null) {
          assert.equal(after.succeededIndex, before.succeededIndex);
        }
        if (before.lateSuccess) assert.ok(after.lateSuccess);
      }
    });
  });

  it("ends by time alone, with one tick for each step at most and one for a scheduled start", () => {
    inEveryLife((turns) => {
      let state = lastState(turns);
      for (let count = 0; count <= state.steps.length; count++) {
        const at = timerDueAt(state);
        if (at !== null)
          state = lastState(live([{ type: "TimerTick", at, apartMs: 0, firedAt: at }], state));
      }
      assert.equal(timerDueAt(state), null);
    });
  });
});
