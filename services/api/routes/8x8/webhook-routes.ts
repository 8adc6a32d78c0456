// 8x8's registration of webhooks: https://developer.8x8.com/connect/reference/create-webhooks . Arrays
// go in and out; an account is known by its GUID. They are settings like the native API's.
import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Account, Settings } from "#libs/settings/account.ts";
import type { WebhookSetting } from "#libs/settings/bodies.ts";
import { firstWebhook, nextWebhook } from "#libs/webhooks/next-webhook.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf, findCaller, keyOf } from "../../authenticate.ts";
import {
  parseWebhook,
  parseWebhookFilter,
  parseWebhooks,
  type RegisteredWebhook,
} from "./parse-webhook.ts";
import { Refusal } from "./refusal.ts";

type Params = { Params: { accountId: string } };
type Named = [name: string, webhook: WebhookSetting];

/** Names of what was registered in this dialect begin so. */
const PREFIX = "8x8-";

export function webhookRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook<Params>("onRequest", async (request) => authorise(request, deps.settings));
    server.get("/", async (request) => registered(callerOf(request)).map(shown(callerOf(request))));
    server.post("/", async (request) => register(request, deps));
    server.delete("/", async (request, reply) => {
      await remove(request, deps);
      return reply.status(204).send();
    });
  };
}

function authorise(request: FastifyRequest<Params>, settings: Settings): void {
  const apiKey = findCaller(request, settings);
  if (!apiKey) throw new Refusal(1200);
  const account = settings.findAccount(apiKey.accountId);
  // One answer for a foreign and an unknown account: it tells nobody which exist.
  if (!account || plainGuid(account.guid) !== plainGuid(request.params.accountId)) {
    throw new Refusal(1201);
  }
  // A webhook is told everything of everybody's messages, so only who may read them may make one.
  const needed = request.method === "GET" ? (["read"] as const) : (["send", "read"] as const);
  const { scopes } = apiKey;
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0 && !scopes.includes("admin")) {
    throw new Refusal(1201, `the key has no scope ${missing.join(", ")}.`);
  }
  request.apiKey = apiKey;
  request.account = account;
}

/** All of them, or none: every element is checked before the first is kept. */
async function register(request: FastifyRequest, deps: ApiDeps) {
  const account = callerOf(request);
  const given = parseWebhooks(request.body).map((each) => parseWebhook(each, account));
  for (const each of given) await keep(each, request, deps);
  const names = new Set(given.map(nameOf));
  const current = deps.settings.findAccount(account.accountId) ?? account;
  return registered(current)
    .filter(([name]) => names.has(name))
    .map(shown(current));
}

async function keep(
  given: RegisteredWebhook,
  request: FastifyRequest,
  { writer, secretsKey }: ApiDeps,
): Promise<void> {
  const { accountId } = callerOf(request);
  const sealing = { secretsKey, accountId, now: Date.now() };
  const body = { ...given, format: "8x8" } as const;
  await writer.change({
    place: { accountId, kind: "webhook", name: nameOf(given) },
    expected: "anything",
    by: callerName(request),
    next: (current) =>
      current ? nextWebhook(body, current, sealing) : firstWebhook(body, sealing).webhook,
  });
}

/** An element removes all webhooks of its type and URL, or of its type if it names no URL. */
async function remove(request: FastifyRequest, { writer }: ApiDeps): Promise<void> {
  const account = callerOf(request);
  const filters = parseWebhooks(request.body).map((each) => parseWebhookFilter(each, account));
  const gone = registered(account).filter(([, { url, type }]) =>
    filters.some((filter) => filter.type === type && (filter.url ?? url) === url),
  );
  if (gone.length === 0) throw new Refusal(1300);
  for (const [name] of gone) {
    const place = { accountId: account.accountId, kind: "webhook", name } as const;
    await writer.change({ place, expected: "anything", by: callerName(request), next: () => null });
  }
}

function registered({ webhooks }: Account): Named[] {
  return [...webhooks].filter(([name]) => name.startsWith(PREFIX));
}

/** What it is sent with is nobody's business, 8x8's own answer notwithstanding. */
function shown({ accountId: subAccountId }: Account) {
  return ([, { url, enabled, type }]: Named) => ({ subAccountId, url, enabled, type });
}

function nameOf({ type, url }: Pick<RegisteredWebhook, "type" | "url">): string {
  const hash = createHash("sha256").update(url).digest("hex").slice(0, 16);
  return `${PREFIX}${type}-${hash}`;
}

/** 8x8's pattern takes them with and without hyphens. */
function plainGuid(guid: string): string {
  return guid.replaceAll("-", "").toLowerCase();
}

function callerName(request: FastifyRequest): string {
  const { accountId, name } = keyOf(request);
  return `${accountId}/${name}`;
}
