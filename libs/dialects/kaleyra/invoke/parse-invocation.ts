// An invocation of a published flow becomes our request.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { ReadSend } from "#libs/dialects/dialect.ts";
import { KaleyraError, readForm } from "#libs/dialects/kaleyra/api-error.ts";
import { ownRecipient, recipientOf } from "#libs/dialects/own-recipient.ts";
import { toldWarning, type Warning } from "#libs/dialects/told-warning.ts";
import { type Fault, isLimitCode, stepIndexOf } from "#libs/judgement/fault.ts";
import { judge } from "#libs/judgement/judge.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import { type Account, type FlowSettingStep, publishedSteps } from "#libs/settings/account.ts";
import { parseInvokeBody } from "./body.ts";
import { sendPath, type Way, waysOf } from "./sends.ts";

/** `now`: when it came, epoch ms. */
type Invoking = { account: Account; flowId: string; messageId: string; now: number };

/**
 * The request, and what is to be known of it. It has the flow's steps as they are now, so that nothing that is changed later touches
 * it. Throws KaleyraError: 404 for no such flow, 409 for one that cannot be invoked, 400 with what is
 * wrong with the body, 403 for what the operator does not allow.
 */
export function parseInvocation(given: unknown, invoking: Invoking): ReadSend {
  const { account, now } = invoking;
  const steps = stepsInForce(invoking);
  const body = readForm(parseInvokeBody, given);
  const ways = waysOf(body, steps, account);
  const made = toRequest(ways, body.requestId ?? null, invoking);
  const { request, faults, warnings } = judge(made, { account, now });
  if (faults.length === 0) return { request, warnings: warnings.map(toWarning) };
  const words = faults.map((each) => `${placeOf(each)} ${each.words}`.trim());
  const message = `${words.join("; ")}.`;
  // Nothing in the body would make it allowed.
  if (faults.every(({ code }) => isLimitCode(code))) {
    throw new KaleyraError(403, "FORBIDDEN", message);
  }
  throw new KaleyraError(400, "INVALID_REQUEST", message);
}

function stepsInForce({ account, flowId }: Invoking): FlowSettingStep[] {
  const steps = publishedSteps(account, flowId);
  if (steps) return steps;
  if (account.flows.has(flowId)) throw new KaleyraError(409, "CONFLICT", "It is not published.");
  throw new KaleyraError(404, "NOT_FOUND", `There is no workflow instance ${flowId}.`);
}

/** The message says what its first step says, to whom that does; every other step has words of its own. */
function toRequest(
  ways: readonly Way[],
  requestId: string | null,
  { account, flowId, messageId, now }: Invoking,
): SendRequest {
  const [first] = ways;
  if (!first) throw new Error(`Flow ${flowId} of ${account.accountId} is published without steps.`);
  return {
    messageId,
    accountId: account.accountId,
    recipient: recipientOf(first.number),
    content: first.content,
    steps: ways.map(({ step, number, content }, index) => {
      const { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds } = step;
      const own = index === 0 ? null : content;
      const recipient = ownRecipient({ number, first: first.number });
      const named = { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds };
      return { ...named, ...nothingOwn, content: own, recipient };
    }),
    flowId,
    purpose: "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: null,
    clientMessageId: requestId,
    batchId: null,
    clientBatchId: null,
    // "Any DLR that may be received after the expiration will be ignored."
    lateReports: "IGNORE",
    dialect: "kaleyra",
    requestedAt: now,
  };
}

/** Where in the body the judge's fault or warning is. */
function placeOf({ path }: Pick<Fault, "path">): string {
  const stepIndex = stepIndexOf(path);
  if (stepIndex !== null) return sendPath(stepIndex);
  return path.startsWith("/content") ? sendPath(0) : "";
}

/** A wait is the flow's: the body has none. */
function toWarning(warning: RequestWarning): Warning {
  const path = placeOf(warning);
  const isOfWait = warning.path.endsWith("/waitSeconds");
  const subject = isOfWait ? `The flow's delay after ${path}` : path;
  return toldWarning(warning, { path, subject });
}
