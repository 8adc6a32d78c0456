// Webhooks: put like other settings, but for their secrets, which are made here and shown once.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import type { Place } from "#libs/settings/setting.ts";
import { firstWebhook, type GivenWebhook, nextWebhook } from "#libs/webhooks/next-webhook.ts";
import { callbackSecrets, rotateSecret } from "#libs/webhooks/webhook-secrets.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { placeOf } from "./collection-routes.ts";
import {
  answerList,
  changeSetting,
  deleteSetting,
  type Exchange,
  notThere,
  settingViews,
  showSetting,
} from "./resource.ts";
import { withDeliveries } from "./webhook-deliveries.ts";
import {
  listWebhooks,
  putWebhook,
  readCallbackSecret,
  readWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from "./webhook-schemas.ts";

const kind = "webhook" as const;

type Where = Omit<Place, "kind">;

export function webhookRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const { settings, writer } = deps;
  return async (server) => {
    server.put("/:name", { schema: putWebhook }, async (request, reply) =>
      put(request.params, request.body, { exchange: { request, reply }, deps }),
    );
    server.get("/", { schema: listWebhooks }, async ({ params: { accountId } }, reply) => {
      const shown = settingViews({ accountId, kind }, settings);
      return answerList(await withDeliveries(accountId, shown, deps), reply);
    });
    server.get("/:name", { schema: readWebhook }, async ({ params }, reply) => {
      const shown = showSetting(placeOf(params, kind), settings, reply);
      const [webhook] = await withDeliveries(params.accountId, [shown], deps);
      return webhook;
    });
    server.post("/:name/rotate-secret", { schema: rotateWebhookSecret }, async (request, reply) =>
      rotate(request.params, { request, reply }, deps),
    );
    server.delete("/:name", { schema: removeWebhook }, async (request, reply) =>
      deleteSetting({ place: placeOf(request.params, kind) }, writer, { request, reply }),
    );
  };
}

/** What messages' own callback URLs are signed with. It is derived, so it can be shown again. */
export function callbackSecretRoutes({ secretsKeys }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/", { schema: readCallbackSecret }, async ({ params: { accountId } }) => {
      return { secret: callbackSecrets({ secretsKeys, accountId })[0] };
    });
  };
}

async function put(
  where: Where,
  given: GivenWebhook,
  { exchange, deps }: { exchange: Exchange; deps: ApiDeps },
) {
  const place = placeOf(where, kind);
  const sealing = {
    secretsKeys: deps.secretsKeys,
    accountId: place.accountId,
    now: deps.clocks.earlierNow(),
  };
  let secret: string | undefined;
  const next = (current: WebhookSetting | undefined) => {
    if (current) return nextWebhook(given, current, sealing);
    const made = firstWebhook(given, sealing);
    secret = made.secret;
    return made.webhook;
  };
  const shown = await changeSetting({ place, next }, deps.writer, exchange);
  return { ...shown, ...(secret !== undefined && { secret }) };
}

/** A secret that leaked must go at once, whatever else has changed: no ETag is asked for. */
async function rotate(where: Where, exchange: Exchange, { writer, secretsKeys }: ApiDeps) {
  const place = placeOf(where, kind);
  let secret: string | undefined;
  const next = (current: WebhookSetting | undefined) => {
    if (!current) throw notThere(place);
    const sealing = { secretsKeys, accountId: place.accountId };
    const rotated = rotateSecret(current, sealing, Date.now());
    secret = rotated.secret;
    return rotated.webhook;
  };
  const change = { place, next, expected: "anything" } as const;
  const shown = await changeSetting(change, writer, exchange);
  return { ...shown, secret };
}
