// Of a lost answer the receipts find the attempt all the same, where the provider has its id from us: the
// id that is known before the call is the one that the call names.
import { Agent } from "undici";
import { expect, it } from "vitest";
import { genericHttp } from "#libs/providers/generic-http/generic-http.ts";
import { googleRbm } from "#libs/providers/google-rbm/google-rbm.ts";
import { infobip } from "#libs/providers/infobip/infobip.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";
import { infobipCredentials } from "#test/support/infobip-api.ts";
import { AGENT_ID, rbmCredentials } from "#test/support/rbm-api.ts";
import { startReceiver } from "#test/support/webhook-receiver.ts";

type Place = { url: string };
const { id: _id, ...answer } = gatewayOptions("").answer;

const opened = {
  infobip: ({ url }: Place) =>
    infobip.open({ options: { address: url }, credentials: infobipCredentials }),
  "google-rbm": ({ url }: Place) =>
    googleRbm.open({
      options: { agentId: AGENT_ID, address: url, tokenUrl: `${url}/token` },
      credentials: rbmCredentials,
    }),
  "a gateway whose receipts name our reference": ({ url }: Place) =>
    genericHttp.open({ options: gatewayOptions(url, { answer }), credentials: gatewayCredentials }),
  "a gateway with ids of its own": ({ url }: Place) =>
    genericHttp.open({ options: gatewayOptions(url), credentials: gatewayCredentials }),
};

async function idAndCall(name: keyof typeof opened) {
  await using resources = new AsyncDisposableStack();
  const carrier = resources.use(await startReceiver());
  carrier.answer = ({ path }) =>
    path === "/token"
      ? (response) => response.end(JSON.stringify({ access_token: "t", expires_in: 60 }))
      : (response) => void response.destroy();
  const agent = resources.adopt(new Agent(), (each) => each.close());
  const connection = opened[name]({ url: new URL(carrier.url).origin })!;
  await using adapter = connection.connect({
    agent,
    timeoutMs: 5_000,
    provider: "of-account.1",
    receiptsPath: "/receipts/of/1",
    connectSocket: () => Promise.reject(new Error("There is no line.")),
    takeReceipts: async () => undefined,
    log: createLog("channel-dispatcher", "fatal"),
  });
  const channel = name === "google-rbm" ? "rcs" : "sms";
  const command = commandFor({ channel, recipient: "+6511110000" });
  expect(await adapter.dispatch(command, () => true)).toMatchObject({ type: "unknown" });
  const call = carrier.received.find(({ path }) => path !== "/token");
  return { ownId: adapter.ownId?.(command), said: `${call?.path} ${call?.body}` };
}

it.each(["infobip", "google-rbm", "a gateway whose receipts name our reference"] as const)(
  "is what a call of %s names, whose answer is lost",
  async (name) => {
    const { ownId, said } = await idAndCall(name);
    expect(ownId).toBeTypeOf("string");
    expect(said).toContain(ownId);
  },
);

it("is none where only the answer tells it", async () => {
  expect((await idAndCall("a gateway with ids of its own")).ownId).toBeUndefined();
});
