// Endpoints that want an access token, as 8x8's customers register them.
import type { ServerResponse } from "node:http";
import { expect, it, vi } from "vitest";
import { type OAuthClient, sealOAuthClient } from "#libs/webhooks/oauth-client.ts";
import { secretsKeys, testSettings, webhook } from "#test/support/notifier.ts";
import { ALL_STATES, statesOf, WITHIN, webhookBench } from "#test/support/webhook-bench.ts";
import type { Receiver } from "#test/support/webhook-receiver.ts";

const { receiver, notifier, entry } = webhookBench();
const ME = { clientId: "shop", clientSecret: "s3cret:&", credentialsLocation: "header" } as const;

function withTokens(endpoint: Receiver, client: OAuthClient) {
  const sealedOauth = sealOAuthClient(client, { secretsKeys, accountId: "demo" });
  const more = { url: endpoint.url, format: "8x8", sealedOauth } as const;
  return testSettings(webhook("tokens", more).setting);
}

/** Gives a new token each time, `t-1` first. */
function giveTokens(server: Receiver, expiresIn = 3_600): void {
  server.answer = () => (response: ServerResponse) => {
    const grant = { access_token: `t-${server.received.length}`, expires_in: expiresIn };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(grant));
  };
}

const sentWith = ({ received }: Receiver) => received.map(({ headers }) => headers.authorization);

it("are asked for a token once, with the client's credentials in the header", async () => {
  const [endpoint, server] = [await receiver(), await receiver()];
  giveTokens(server);
  const settings = withTokens(endpoint, { ...ME, url: server.url, scope: "hooks" });
  const { tell } = await notifier({ settings });
  await tell(entry(null));
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  expect(sentWith(endpoint)).toEqual(["Bearer t-1", "Bearer t-1", "Bearer t-1"]);
  const basic = Buffer.from("shop:s3cret%3A%26").toString("base64");
  expect(sentWith(server)).toEqual([`Basic ${basic}`]);
  expect(server.received[0]!.body).toBe("grant_type=client_credentials&scope=hooks");
});

it("are asked in the body where the customer says so, and again once a token has ended", async () => {
  const [endpoint, server] = [await receiver(), await receiver()];
  giveTokens(server, 0);
  const client = { ...ME, url: server.url, credentialsLocation: "body" } as const;
  const { tell } = await notifier({ settings: withTokens(endpoint, client) });
  await tell(entry(null));
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  expect(sentWith(endpoint)).toEqual(["Bearer t-1", "Bearer t-2", "Bearer t-3"]);
  const form = "grant_type=client_credentials&client_id=shop&client_secret=s3cret%3A%26";
  expect(server.received[0]).toMatchObject({ body: form });
  expect(sentWith(server)[0]).toBeUndefined();
});

it("get a new token where they refuse the one before", async () => {
  const [endpoint, server] = [await receiver(), await receiver()];
  giveTokens(server);
  endpoint.answer = ({ headers }) => (headers.authorization === "Bearer t-1" ? 401 : 200);
  const { tell } = await notifier({ settings: withTokens(endpoint, { ...ME, url: server.url }) });
  await tell(entry(null));
  await vi.waitFor(() => expect(new Set(statesOf(endpoint))).toEqual(new Set(ALL_STATES)), WITHIN);
  expect(sentWith(endpoint)).toEqual(["Bearer t-1", "Bearer t-2", "Bearer t-2", "Bearer t-2"]);
});

it("are told later while there is no token", async () => {
  const [endpoint, server] = [await receiver(), await receiver()];
  server.answer = () => 503;
  const { tell } = await notifier({ settings: withTokens(endpoint, { ...ME, url: server.url }) });
  await tell(entry(null));
  await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(0), WITHIN);
  expect(endpoint.received).toEqual([]);
  giveTokens(server);
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
});
