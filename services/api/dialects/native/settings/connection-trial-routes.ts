// Trying a connection before anybody is sent to: dry, and by asking its provider.
import { randomUUID } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { dryCall, dryReceipt } from "#libs/connections/dry-run.ts";
import { openConnection, secretsOf, UNOPENED } from "#libs/connections/open-connection.ts";
import { templateChanges } from "#libs/connections/template-changes.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { connectedProviders, reportingOf } from "#libs/providers/providers.ts";
import type { Place, SettingOf } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { placeOf } from "./collection-routes.ts";
import { connectionPlace } from "./connection-place.ts";
import type { ConnectionOwner } from "./connection-schemas.ts";
import { type DryRun, trialSchemas } from "./connection-trial-schemas.ts";
import { showTemplateChanges } from "./template-changes-schemas.ts";

type Deps = Pick<ApiDeps, "settings" | "secretsKeys" | "calling" | "log">;

/** Below a connection's own path. */
export function connectionTrialRoutes(
  deps: Deps,
  owner: ConnectionOwner,
): FastifyPluginAsyncTypebox {
  const schemas = trialSchemas(owner);
  return async (server) => {
    server.post("/:name/dry-run", { schema: schemas.dryRun }, async (request) =>
      dryRun(connectionPlace(request, owner), request.body, deps),
    );
    server.post("/:name/test", { schema: schemas.test }, async (request) => {
      const { access } = opened(connectionPlace(request, owner), deps);
      const words = "The provider of this connection has no way to ask it without sending.";
      return (await access.probe?.(deps.calling)) ?? { state: "not-possible" as const, words };
    });
  };
}

/** The templates are an account's, and so is the connection. */
export function templateChangesRoute(deps: Deps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.post("/:name/template-changes", { schema: showTemplateChanges }, async ({ params }) =>
      changesOfTemplates(placeOf(params, "connection"), deps),
    );
  };
}

async function dryRun(
  place: Place<"connection">,
  { message, answer, receipt }: DryRun,
  deps: Deps,
) {
  const { setting, access, secrets } = opened(place, deps);
  const { provider: name } = setting.body;
  if (connectedProviders.get(name)?.keepsLine) {
    throw new SettingRefusal(
      "invalid",
      `${name} speaks on a line of its own: there is no request to show.`,
    );
  }
  const connection = { access, secrets, reporting: reportingOf(setting.body), log: deps.log };
  const { status = 200, headers = {}, body } = answer ?? {};
  const given = { status, headers, body: asText(body) };
  const called = await dryCall(connection, commandOf(message, setting, deps), given);
  const isTold = answer !== undefined || called.requests.length === 0;
  const { query = "", peerAddress = "" } = receipt ?? {};
  const post = {
    headers: lowerCase(receipt?.headers),
    query,
    peerAddress,
    body: Buffer.from(asText(receipt?.body)),
  };
  const heard = receipt && (await dryReceipt(connection, post, Date.now()));
  return {
    requests: called.requests,
    ...(isTold && { answer: called.answer }),
    ...(heard && { receipt: heard }),
  };
}

async function changesOfTemplates(place: Place<"connection">, deps: Deps) {
  const { accountId, name } = place;
  const words = "The provider of this connection has no templates to list.";
  const listing = (await opened(place, deps).access.listTemplates?.(deps.calling)) ?? {
    state: "not-possible" as const,
    words,
  };
  if (listing.state !== "listed") return { ...listing, changes: [], oddities: [] };
  const found = [...deps.settings.settingsOf(accountId).values()].filter(
    (each) => each.kind === "template",
  );
  const { state, templates, oddities } = listing;
  const told = `Templates of the provider: ${templates.length + oddities.length}.`;
  return { state, words: told, changes: templateChanges(listing, found, name), oddities };
}

function opened(place: Place<"connection">, { settings, secretsKeys }: Deps) {
  const { accountId, name } = place;
  const setting = settings.find(place);
  if (setting?.kind !== "connection") {
    throw new Problem("not-found", `There is no connection ${name}.`);
  }
  const sealing = { secretsKeys, accountId };
  const access = openConnection(setting.body, sealing);
  if (!access) throw new Problem("unavailable", UNOPENED);
  return { setting, access, secrets: secretsOf(setting.body, sealing) };
}

function commandOf(
  { to, from, text, ttlSeconds, channel }: DryRun["message"],
  { accountId, body }: SettingOf<"connection">,
  { settings }: Deps,
): DispatchCommand {
  const [own = "sms"] = body.channels ?? [];
  const on = channel ?? own;
  const messageId = randomUUID();
  const now = Date.now();
  const isNumber = to.startsWith("+");
  return {
    commandId: `${messageId}:0`,
    messageId,
    attemptIndex: 0,
    accountId,
    channel: on,
    // As of a message that names none.
    sender: from ?? settings.findAccount(accountId)?.senders[on] ?? null,
    recipient: {
      msisdn: isNumber ? to : null,
      country: null,
      channelUserIds: isNumber ? {} : { [on]: to },
    },
    content: { type: "TEXT", text, richJson: null, smsEncoding: null },
    ttlSeconds: ttlSeconds ?? null,
    waitMs: null,
    notAfter: now + 60_000,
    onUnknown: "WAIT",
    issuedAt: now,
    revokes: [],
    mayBeCalled: false,
    epoch: "",
  };
}

function asText(body: unknown): string {
  if (body === undefined) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** As a server has them. */
function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
