// Webhooks: put like other settings, but for their secrets, which are made here and shown once.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NewWebhook, type WebhookSetting } from "#libs/settings/bodies.ts";
import { parseGiven } from "#libs/settings/setting.ts";
import { firstWebhook, nextWebhook } from "#libs/webhooks/next-webhook.ts";
import { callbackSecret, rotateSecret } from "#libs/webhooks/webhook-secrets.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { placeOf } from "./collection-routes.ts";
import {
  changeSetting,
  deleteSetting,
  type Exchange,
  listSettings,
  notThere,
  showSetting,
} from "./resource.ts";
import { withoutAddedToWebhook } from "./setting-view.ts";

const kind = "webhook" as const;

type ItemParams = { Params: { accountId: string; name: string } };
type AccountParams = { Params: { accountId: string } };
type ItemExchange = Exchange & { request: FastifyRequest<ItemParams> };

export function webhookRoutes(deps: ApiDeps) {
  const { settings, writer } = deps;
  return async (server: FastifyInstance): Promise<void> => {
    server.get<AccountParams>("/", async ({ params: { accountId } }) =>
      listSettings({ accountId, kind }, settings),
    );
    server.get<ItemParams>("/:name", async (request, reply) =>
      showSetting(placeOf(request.params, kind), settings, reply),
    );
    server.put<ItemParams>("/:name", async (request, reply) => put({ request, reply }, deps));
    server.post<ItemParams>("/:name/rotate-secret", async (request, reply) =>
      rotate({ request, reply }, deps),
    );
    server.delete<ItemParams>("/:name", async (request, reply) =>
      deleteSetting(placeOf(request.params, kind), writer, { request, reply }),
    );
  };
}

/** What messages' own callback URLs are signed with. It is derived, so it can be shown again. */
export function callbackSecretRoutes({ secretsKey }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get<AccountParams>("/", async ({ params: { accountId } }) => {
      return { secret: callbackSecret({ secretsKey, accountId }) };
    });
  };
}

async function put({ request, reply }: ItemExchange, { writer, secretsKey }: ApiDeps) {
  const place = placeOf(request.params, kind);
  const given = parseGiven(NewWebhook, withoutAddedToWebhook(request.body));
  const sealing = { secretsKey, accountId: place.accountId, now: Date.now() };
  let secret: string | undefined;
  const next = (current: WebhookSetting | undefined) => {
    if (current) return nextWebhook(given, current, sealing);
    const made = firstWebhook(given, sealing);
    secret = made.secret;
    return made.webhook;
  };
  const shown = await changeSetting({ place, next }, writer, { request, reply });
  return { ...shown, ...(secret !== undefined && { secret }) };
}

/** A secret that leaked must go at once, whatever else has changed: no ETag is asked for. */
async function rotate({ request, reply }: ItemExchange, { writer, secretsKey }: ApiDeps) {
  const place = placeOf(request.params, kind);
  let secret: string | undefined;
  const next = (current: WebhookSetting | undefined) => {
    if (!current) throw notThere(place);
    const sealing = { secretsKey, accountId: place.accountId };
    const rotated = rotateSecret(current, sealing, Date.now());
    secret = rotated.secret;
    return rotated.webhook;
  };
  const change = { place, next, expected: "anything" } as const;
  const shown = await changeSetting(change, writer, { request, reply });
  return { ...shown, secret };
}
