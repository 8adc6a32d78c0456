// What the adapters of Infobip and Twilio send is taken by Prism, over HTTP: it serves what these two
// published, and refuses a path, a login or a body that it has not.
import { Agent } from "undici";
import { afterAll, describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { infobip } from "#libs/providers/infobip/infobip.ts";
import type { ConnectedProvider } from "#libs/providers/provider.ts";
import { twilio } from "#libs/providers/twilio/twilio.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { infobipCommands, saying, sayingRich } from "#test/support/infobip-commands.ts";
import { startPrism } from "#test/support/prism.ts";

const prism = await startPrism(
  ...["sms", "viber", "rcs", "whatsapp"].map((each) => `infobip/infobip-${each}-openapi.json`),
  "twilio/twilio_api_v2010.json",
);
const agent = new Agent();

afterAll(async () => {
  await prism?.[Symbol.asyncDispose]();
  await agent.close();
});

const bridgeUrl = "https://hooks.example.com";
const accountSid = `AC${"0".repeat(32)}`;
const infobipAccess = { options: { bridgeUrl }, credentials: { apiKey: "key" } };
const twilioAccess = {
  options: { accountSid, bridgeUrl },
  credentials: { apiKeySid: accountSid, apiKeySecret: "secret", authToken: "token" },
};
const template = {
  name: `HX${"0".repeat(32)}`,
  components: [{ type: "body", parameters: [{ type: "text", text: "42" }] }],
};
/** No medium: Prism takes no list in a form, and `MediaUrl` is one. */
const twilioCommands = {
  "an SMS": saying("sms", { text: "Hello" }, { ttlSeconds: 600 }),
  "a template": sayingRich("whatsapp", "TEMPLATE", { template }),
  "an RCS text": saying("rcs", { text: "Hello" }),
};

/** What only a provider of sessions asks for. */
const noPushes = {
  connectSocket: neverCalled,
  takeReceipts: neverCalled,
  log: createLog("test", "fatal"),
};

function neverCalled(): never {
  throw new Error("Nothing but HTTP is spoken here.");
}

function answerTo(
  command: DispatchCommand,
  provider: ConnectedProvider,
  { options, credentials }: { options: object; credentials: object },
) {
  const access = provider.open({ options: { address: prism?.url, ...options }, credentials });
  const line = { agent, timeoutMs: 10_000, provider: `${provider.name}.0123`, receiptsPath: "/" };
  return access!.connect({ ...line, ...noPushes }).dispatch(command, () => true);
}

describe.skipIf(!prism)("Prism", () => {
  it.each(Object.entries(infobipCommands))("takes for Infobip %s", async (_name, command) => {
    const answer = await answerTo(command, infobip, infobipAccess);
    expect(answer).toMatchObject({ type: "accepted" });
  });

  it.each(Object.entries(twilioCommands))("takes for Twilio %s", async (_name, command) => {
    const answer = await answerTo(command, twilio, twilioAccess);
    expect(answer).toMatchObject({ type: "accepted" });
  });

  it("refuses what is not documented, which is then no acceptance", async () => {
    const odd = saying("sms", { text: "Hello" }, { commandId: "m".repeat(5_000) });
    expect(await answerTo(odd, infobip, infobipAccess)).toMatchObject({
      type: "refused",
      errorClass: "CONTENT",
    });
    const headers = { "content-type": "application/json" };
    const unnamed = await fetch(`${prism!.url}/viber/2/messages`, {
      method: "POST",
      headers,
      body: "{}",
    });
    expect(unnamed.status).toBe(401);
  });
});
