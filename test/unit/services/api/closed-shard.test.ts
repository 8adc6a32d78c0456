import type { InjectOptions } from "fastify";
import { expect, it } from "vitest";
import { LOST } from "#libs/flow-store/epoch.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { applicationSetting, newApplication, tokenOf } from "#test/support/vonage-application.ts";

const UMID = "4f1a1c30-5d5b-4c7e-9c8e-0a1b2c3d4e5f";
const ACCOUNT = "/api/v1/subaccounts/demo/messages";
const bearer = { authorization: "Bearer demo-key" };
const application = newApplication();
const token = tokenOf(application);

const closed = () => Promise.reject(new ShardClosedError(3, `run epoch ${LOST}`));

/** Whoever asks for a message, on a shard that is closed until Redis has been restored. */
function onClosedShard(call: InjectOptions) {
  const settings = demoView(applicationSetting(application));
  const server = startApiServer({ settings, find: closed, list: closed, cancel: closed });
  return server.request(call);
}

it.each<[string, InjectOptions, object]>([
  ["8x8's read", { url: `${ACCOUNT}/${UMID}`, headers: bearer }, { code: 2000 }],
  [
    "8x8's cancel",
    { method: "DELETE", url: `${ACCOUNT}/${UMID}`, headers: bearer },
    { code: 2000 },
  ],
  ["our read", { url: `/ft/v1/messages/${UMID}`, headers: bearer }, { code: "unavailable" }],
  ["our story", { url: `/ft/v1/messages/${UMID}/story`, headers: bearer }, { code: "unavailable" }],
  ["our list", { url: "/ft/v1/messages", headers: bearer }, { code: "unavailable" }],
  [
    "our cancel",
    { method: "POST", url: `/ft/v1/messages/${UMID}/cancel`, headers: bearer },
    { code: "unavailable" },
  ],
  [
    "Alibaba's list",
    signedCall({ query: { CustSpaceId: "demo" } }, { action: "ListChatappMessage" }),
    { Code: "ServiceUnavailable" },
  ],
  [
    "Vonage's revocation",
    {
      method: "PATCH",
      url: `/v1/messages/${UMID}`,
      headers: { authorization: `Bearer ${token}` },
      payload: { status: "revoked" },
    },
    { title: expect.any(String) },
  ],
])("%s says that it may be tried again, in its own words", async (_, call, body) => {
  const answer = await onClosedShard(call);
  expect([answer.statusCode, answer.json()]).toEqual([503, expect.objectContaining(body)]);
  expect(answer.headers["retry-after"]).toBeDefined();
});
