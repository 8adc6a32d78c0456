// 8x8's registration of webhooks: https://developer.8x8.com/connect/reference/add-webhooks-1 . Arrays
// go in and out; an account is known by its GUID. They are settings like the native API's.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import {
  type GivenWebhook,
  parseWebhook,
  parseWebhookPlaces,
  parseWebhooks,
} from "#libs/dialects/8x8/webhooks/parse-webhook.ts";
import {
  type RegisteredWebhook,
  registeredWebhooks,
  shownWebhook,
  type WebhookPlace,
  webhookName,
} from "#libs/dialects/8x8/webhooks/registered-webhooks.ts";
import type { Account } from "#libs/settings/account.ts";
import { firstWebhook, nextWebhook } from "#libs/webhooks/next-webhook.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerName, callerOf } from "../../http/caller.ts";
import { type AccountParams, authoriseAccount } from "./authorise.ts";

export function webhookRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook<AccountParams>("onRequest", async (request) => {
      // It is told everything of everybody's messages, so only who may read them may make one.
      const needed = request.method === "GET" ? (["read"] as const) : (["send", "read"] as const);
      authoriseAccount(request, deps.settings, needed);
    });
    server.get("/", async (request) => shown(callerOf(request), deps));
    server.post("/", async (request) => register(request, deps));
    server.delete("/", async (request, reply) => {
      await remove(request, deps);
      return reply.status(200).send();
    });
  };
}

/** All of them, or none: every element is checked before the first is kept. */
async function register(request: FastifyRequest, deps: ApiDeps) {
  const account = callerOf(request);
  const given = parseWebhooks(request.body).flatMap((each) => parseWebhook(each, account));
  for (const each of given) await keep(each, request, deps);
  const current = deps.settings.findAccount(account.accountId) ?? account;
  return shown(current, deps, (each) => given.some((place) => isAt(each, place)));
}

async function keep(
  { subAccountId, ...given }: GivenWebhook,
  request: FastifyRequest,
  { writer, secretsKeys, clocks }: ApiDeps,
): Promise<void> {
  const { accountId } = callerOf(request);
  const sealing = { secretsKeys, accountId, now: clocks.earlierNow() };
  const body = { ...given, format: "8x8" } as const;
  const name = webhookName({ subAccountId, type: given.type });
  await writer.change({
    place: { accountId, kind: "webhook", name },
    expected: "anything",
    by: callerName(request),
    next: (current) =>
      current ? nextWebhook(body, current, sealing) : firstWebhook(body, sealing).webhook,
  });
}

/** An element removes the webhook of its scope and type, or of its scope if it names no type. */
async function remove(request: FastifyRequest, { writer }: ApiDeps): Promise<void> {
  const account = callerOf(request);
  const { accountId } = account;
  const places = parseWebhooks(request.body).flatMap((each) => parseWebhookPlaces(each, account));
  const gone = registeredWebhooks(account).filter((each) =>
    places.some((place) => isAt(each, place)),
  );
  if (gone.length === 0) throw new Refusal(1300);
  for (const { name } of gone) {
    const place = { accountId, kind: "webhook", name } as const;
    await writer.change({ place, expected: "anything", by: callerName(request), next: () => null });
  }
}

function shown(
  account: Account,
  { secretsKeys }: ApiDeps,
  isMeant: (webhook: RegisteredWebhook) => boolean = () => true,
) {
  const meant = registeredWebhooks(account).filter(isMeant);
  return meant.map((webhook) => shownWebhook(webhook, account, secretsKeys));
}

function isAt({ subAccountId, type }: WebhookPlace, place: WebhookPlace): boolean {
  return subAccountId === place.subAccountId && type === place.type;
}
