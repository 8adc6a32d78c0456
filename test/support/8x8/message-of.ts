import { parseSend } from "#libs/dialects/8x8/send/parse-send.ts";
import { toStep } from "#libs/dialects/8x8/send/plan-steps.ts";
import { toSendRequestInput } from "#libs/message-flow/message-input.ts";
import type { AnySetting } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

/**
 * The message of a body in 8x8's words that account `demo` sends at START, as the account completes
 * it, and what its sender is warned of. Throws its refusal.
 */
export function messageOf(body: unknown, ...more: AnySetting[]) {
  const settings = demoView(...more);
  const account = settings.findAccount("demo")!;
  const parsed = parseSend(body, { account, now: START });
  if ("refusal" in parsed) throw parsed.refusal;
  const { message, warnings } = parsed;
  const request = storedRequest({
    recipient: message.recipient,
    content: message.content,
    steps: message.steps.map(toStep),
  });
  const input = toSendRequestInput(request, { now: START, apartMs: 0, settings, timeScale: 1 });
  return { request, input, account, warnings };
}
