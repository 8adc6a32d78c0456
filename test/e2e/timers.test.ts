// Invariant: no timer fires early and none is lost. Method: thousands of waits that end within the
// same few seconds, and the auditor's look at what the journal says of each.
import { expect, it } from "vitest";
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { audit } from "#test/support/audit.ts";
import { startProduct } from "#test/support/product.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { connectUpstream } from "#test/support/upstream.ts";

const TIMER_COUNT = 2_000;
const TIME_SCALE = 0.02;
/** 12 s to 16 s at this scale: by then nearly every first command is out, however slow the machine. */
const [WAIT_SECONDS_MIN, WAIT_SECONDS_RANGE] = [600, 200];
/** WhatsApp stays silent, SMS refuses: each message takes one timer, and ends right after it. */
const RECIPIENT = "+6599990403";

it(`fires ${TIMER_COUNT} timers, none of them early`, async () => {
  await using product = await startProduct({
    timeScale: TIME_SCALE,
    env: { DISPATCH_RATE_PER_SECOND: "100000" },
  });
  await using upstream = await connectUpstream(product.places);
  const requests = Array.from({ length: TIMER_COUNT }, (_, index) => {
    const waitSeconds = WAIT_SECONDS_MIN + (index % WAIT_SECONDS_RANGE);
    return { to: RECIPIENT, steps: [{ channel: "whatsapp", waitSeconds }, { channel: "sms" }] };
  });
  const messageIds = new Set(await upstream.send(...requests));
  for (const messageId of messageIds) {
    const { outcome } = await product.outcomes.next(messageId, { timeoutMs: 120_000 });
    expect(outcome).toBe("EXHAUSTED");
  }
  const ledger = await readLedger(product.places, messageIds);
  expect(audit(ledger)).toEqual([]);
  const ended = ledger.journal.flatMap(({ value: { messageId, story, state } }) =>
    state.phase === "ENDED" ? story.filter(isTimely).map((event) => ({ messageId, ...event })) : [],
  );
  expect(new Set(ended.map(({ messageId }) => messageId)).size).toBe(TIMER_COUNT);
  expect(ended.filter(({ at, dueAt }) => dueAt !== null && at < dueAt)).toEqual([]);
}, 240_000);

/** A command that comes to its dispatcher after its wait is dropped there, for the same reason. */
function isTimely({ rule, errorCode }: StoryEvent): boolean {
  return rule === "wait-ended" || (rule === "failure-report" && errorCode === "not-after");
}
