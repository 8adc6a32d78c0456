// Every route of the receipt-bridge with good posts of every provider that posts, proved as each proves its own.
import { createHash, createHmac } from "node:crypto";
import { signBody } from "#libs/providers/authentication/hmac.ts";
import { cloudCredentials, cloudWebhook, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";
import { AGENT_ID, rbmCredentials, rbmEvent, rbmSignature } from "#test/support/rbm-api.ts";
import { proofOf } from "#test/support/signed-receipts.ts";
import { accountSid, twilioCredentials } from "#test/support/twilio-api.ts";
import { UMID } from "./dialect-routes.ts";
import { type Draft, json } from "./fuzz-account.ts";

/** A connection that is fuzzed: it sends nothing, and hears of everything. */
export type Receiving = {
  /** Of the connection, and of its routes. */
  name: string;
  provider: string;
  options: object;
  credentials: object;
  routes: (path: string) => readonly Posting[];
};
type Posting = Pick<Draft, "method" | "target" | "bodies" | "prove" | "encode">;

const BRIDGE = "https://bridge.example";
const SIGNATURE_SECRET = "signature-secret-of-ours";
const INFOBIP_LOGIN = { webhookUser: "us", webhookPassword: "word" };

export const receivings: readonly Receiving[] = [
  {
    name: "meta",
    provider: "whatsapp-cloud",
    options: { phoneNumberId: PHONE_NUMBER_ID },
    credentials: cloudCredentials,
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [JSON.parse(cloudWebhook("wamid.fuzz", { status: "delivered" }))],
        prove: (body) => ({
          "x-hub-signature-256": signBody(Buffer.from(cloudCredentials.appSecret), body),
        }),
      },
      asked(
        `${target}?hub.mode=subscribe&hub.verify_token=${cloudCredentials.verifyToken}&hub.challenge=1`,
      ),
    ],
  },
  {
    name: "twilio",
    provider: "twilio",
    options: { accountSid, bridgeUrl: BRIDGE },
    credentials: twilioCredentials,
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [{ MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "30003" }],
        encode: (body) => Buffer.from(formOf(body).toString()),
        prove: (body) => ({ "x-twilio-signature": twilioSignature(BRIDGE + target, body) }),
      },
    ],
  },
  {
    name: "infobip",
    provider: "infobip",
    options: { address: "https://infobip.example" },
    credentials: { apiKey: "key", ...INFOBIP_LOGIN },
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [{ results: [{ messageId: "sms.m:0", status: { groupId: 3, id: 5 } }] }],
        prove: () => {
          const { webhookUser, webhookPassword } = INFOBIP_LOGIN;
          return { authorization: `Basic ${btoa(`${webhookUser}:${webhookPassword}`)}` };
        },
      },
    ],
  },
  {
    name: "vonage",
    provider: "vonage",
    options: { apiKey: "abcd" },
    credentials: { apiSecret: "secret", signatureSecret: SIGNATURE_SECRET },
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [{ message_uuid: "m", status: "rejected", channel: "sms", error: { title: 1360 } }],
        prove: (body) => ({ authorization: `Bearer ${vonageToken(body)}` }),
      },
    ],
  },
  {
    name: "rbm",
    provider: "google-rbm",
    options: { agentId: AGENT_ID },
    credentials: rbmCredentials,
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [
          JSON.parse(rbmEvent("m", "DELIVERED")),
          { clientToken: rbmCredentials.clientToken, secret: "s" },
        ],
        prove: (body) => ({ "x-goog-signature": rbmProofOf(body) }),
      },
    ],
  },
  {
    name: "gateway",
    provider: "generic-http",
    options: gatewayOptions("https://gw.example"),
    credentials: gatewayCredentials,
    routes: (target) => [
      {
        method: "POST",
        target,
        bodies: [{ results: [{ id: "g1", state: "UNDELIV", error: "404", reason: "No" }] }],
        prove: () => ({ "x-token": gatewayCredentials.receiptToken }),
      },
    ],
  },
  {
    name: "gateway-by-get",
    provider: "generic-http",
    options: byGet(),
    credentials: gatewayCredentials,
    routes: (target) => [
      asked(`${target}?token=${gatewayCredentials.receiptToken}&id=g1&state=DELIVRD`),
    ],
  },
];

const receipt = {
  receiptId: "r1",
  id: UMID,
  reference: "fuzz-0:0",
  status: "delivered",
  at: 1_790_000_000_000,
  segments: 1,
};

/** `pathOf`: where a connection's receipts go, which is another address in every run. */
export function bridgeRoutes(origin: string, pathOf: (receiving: Receiving) => string): Draft[] {
  const place = { origin, headers: json };
  const simulated: Draft = {
    ...place,
    method: "POST",
    target: "/receipts/simulated-sms",
    bodies: [receipt, [receipt]],
    prove: (body: Buffer) => proofOf(body),
  };
  const connected = receivings.flatMap((receiving) =>
    receiving.routes(pathOf(receiving)).map((route) => ({
      ...place,
      ...route,
      // A seed is played again by the route's name.
      name: `${route.method} /receipts/${receiving.provider}/${receiving.name}`,
    })),
  );
  return [simulated, ...connected];
}

function asked(target: string): Posting {
  return { method: "GET", target, bodies: [] };
}

function byGet(): object {
  const { receipts, ...options } = gatewayOptions("https://gw.example");
  const { items: _items, ...usual } = receipts;
  const proof = { query: { name: "token", value: "{secrets.receiptToken}" } };
  return { ...options, receipts: { ...usual, method: "GET", proof } };
}

function formOf(body: unknown): URLSearchParams {
  const members = Object.entries(Object(body)).map(([name, value]) => {
    const written = typeof value === "string" ? value : JSON.stringify(value);
    return [name, written ?? ""] as const;
  });
  return new URLSearchParams(Object.fromEntries(members));
}

function twilioSignature(url: string, body: Buffer): string {
  const members = new Map([...new URLSearchParams(body.toString())].map((each) => each));
  const said = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1)).flat();
  const signed = url + said.join("");
  return createHmac("sha1", twilioCredentials.authToken).update(signed).digest("base64");
}

function vonageToken(body: Buffer): string {
  const hash = createHash("sha256").update(body).digest("hex");
  const claims = { iat: Math.floor(Date.now() / 1_000), payload_hash: hash };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${createHmac("sha256", SIGNATURE_SECRET).update(signed).digest("base64url")}`;
}

/** What has no event in it is signed by nobody. */
function rbmProofOf(body: Buffer): string {
  try {
    return rbmSignature(body.toString());
  } catch {
    return "none";
  }
}
