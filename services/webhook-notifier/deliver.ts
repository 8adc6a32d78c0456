// One claimed notification: where it goes, how it is signed, and what follows from the answer.
import type { Dispatcher } from "undici";
import { dialectOf } from "#libs/dialects/dialects.ts";
import { RetriableError } from "#libs/errors.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { Lane } from "#libs/webhook-queue/keys.ts";
import type { Note } from "#libs/webhook-queue/note.ts";
import type { Claimed, WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { type OAuthClient, openOAuthClient } from "#libs/webhooks/oauth-client.ts";
import { openSealed, type Seal, type SecretsKeys } from "#libs/webhooks/sealing.ts";
import { signedHeaders } from "#libs/webhooks/sign.ts";
import { callbackSecrets, signingSecrets } from "#libs/webhooks/webhook-secrets.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { type BackOff, nextDelayMs } from "./back-off.ts";
import { tryCounter, trySeconds } from "./metrics.ts";
import { type Answer, faultOf, post } from "./post.ts";

export type DeliveryDeps = {
  queue: WebhookQueue;
  settings: Pick<SettingsView, "findAccount">;
  secretsKeys: SecretsKeys;
  agent: Dispatcher;
  tokens: AccessTokens;
  timeoutMs: number;
  backOff: BackOff;
  now: () => number;
  log: Log;
};

type Endpoint = {
  url: string;
  secrets: string[];
  authorization: string | undefined;
  /** Asked for a token in place of an authorization; `sealed` names it. */
  oauth: { sealed: string; client: OAuthClient } | undefined;
};

/** Tries once and settles the claim: done, later again, or given up with a dead letter. */
export async function deliver(claimed: Claimed, deps: DeliveryDeps): Promise<void> {
  const { lane, note, failureCount } = claimed;
  const { queue, now, log } = deps;
  const answer = await tryOnce(claimed, deps).catch((error: unknown) => ourFault(error, deps));
  if (answer.type === "delivered") {
    tryCounter.inc({ result: "delivered" });
    return queue.settle(claimed, { delayMs: null, fault: null });
  }
  const { reason } = answer;
  const askedMs = answer.type === "failed" ? (answer.retryAfterMs ?? 0) : 0;
  const at = now();
  const failing = { failureCount, queuedAt: note.queuedAt, now: at, askedMs };
  const delayMs = answer.type === "refused" ? null : nextDelayMs(failing, deps.backOff);
  tryCounter.inc({ result: delayMs === null ? "dead" : "failed" });
  log.info({ lane: lane.name, id: note.id, reason, delayMs }, "a notification was not taken");
  // Buried first: a notifier that dies in between gives it up once more, which is the same letter.
  if (delayMs === null) await queue.dead.bury(lane, note, reason);
  // Of a message's own callback URL nobody would ask.
  const fault = note.hook === null ? null : { at, reason };
  await queue.settle(claimed, { delayMs, fault });
}

/** A bug that one notification meets is a try that failed: it holds up nothing but its own message. */
function ourFault(error: unknown, { log }: DeliveryDeps): Answer {
  if (error instanceof RetriableError) throw error;
  log.error({ err: error }, "a notification cannot be posted");
  return { type: "failed", reason: `It cannot be posted: ${String(error)}` };
}

async function tryOnce({ lane, note, failureCount }: Claimed, deps: DeliveryDeps): Promise<Answer> {
  const endpoint = endpointOf(lane, note, deps);
  // Another notifier may have queued it for a webhook so new that this one does not know it yet.
  const unreachable = failureCount === 0 ? "failed" : "refused";
  if ("reason" in endpoint) return { type: unreachable, reason: endpoint.reason };
  const { url, secrets, oauth } = endpoint;
  const { id, body, answerMsMax = deps.timeoutMs } = note;
  const at = deps.now();
  const own = await authorizationOf(endpoint, deps);
  if (typeof own === "object") return own;
  const authorization = own ?? vendorsOf(note, { accountId: lane.accountId, at, secrets });
  const headers = {
    "content-type": "application/json",
    "user-agent": "Fallthrough-Webhooks",
    ...signedHeaders({ id, at, body, secrets }),
    ...(authorization !== undefined && { authorization }),
  };
  const stopTimer = trySeconds.startTimer();
  const timeoutMs = Math.min(answerMsMax, deps.timeoutMs);
  const answer = await post({ url, headers, body }, { agent: deps.agent, timeoutMs });
  stopTimer({ answer: answer.type });
  if (oauth && answer.type === "failed" && answer.status === 401) deps.tokens.forget(oauth.sealed);
  return answer;
}

type Try = { accountId: string; at: number; secrets: readonly string[] };

/** As the note's dialect proves whose it is, if it does. */
function vendorsOf({ format, id, body }: Note, { secrets, ...more }: Try): string | undefined {
  const [secret] = secrets;
  if (format === undefined || secret === undefined) return undefined;
  return dialectOf(format).notifications.authorization?.({ id, body, secret, ...more });
}

/** The header's value, or what came of the try to get a token for it. */
async function authorizationOf(
  { authorization, oauth }: Endpoint,
  { tokens, timeoutMs }: DeliveryDeps,
): Promise<string | undefined | Answer> {
  if (!oauth) return authorization;
  try {
    return `Bearer ${await tokens.get(oauth.sealed, oauth.client)}`;
  } catch (error) {
    return faultOf(error, timeoutMs);
  }
}

/** As it is configured now: what waited goes to where its webhook leads when it is its turn. */
function endpointOf(
  { accountId }: Lane,
  { hook, url }: Note,
  deps: DeliveryDeps,
): Endpoint | { reason: string } {
  const sealing = { secretsKeys: deps.secretsKeys, accountId };
  if (hook === null) {
    if (url === null) return { reason: "Nobody here can read where it should go." };
    const secrets = callbackSecrets(sealing);
    return { url, secrets, authorization: undefined, oauth: undefined };
  }
  return hookEndpoint(hook, sealing, deps);
}

function hookEndpoint(
  hook: string,
  sealing: Seal,
  { settings, now }: DeliveryDeps,
): Endpoint | { reason: string } {
  const webhook = settings.findAccount(sealing.accountId)?.webhooks.get(hook);
  if (!webhook) return { reason: "The webhook was deleted." };
  if (!webhook.enabled) return { reason: "The webhook is not enabled." };
  const { url, sealedAuthorization, sealedOauth: sealed } = webhook;
  const secrets = signingSecrets(webhook, sealing, now());
  const authorization = sealedAuthorization && openSealed(sealedAuthorization, sealing);
  const client = sealed === undefined ? undefined : openOAuthClient(sealed, sealing);
  const isShut = (sealedAuthorization !== undefined && !authorization) || (sealed && !client);
  if (secrets.length === 0 || isShut) {
    return {
      reason: "Its secrets cannot be opened: neither SECRETS_KEY nor SECRETS_KEYS_OLD fits.",
    };
  }
  const oauth = sealed !== undefined && client ? { sealed, client } : undefined;
  return { url, secrets, authorization, oauth };
}
