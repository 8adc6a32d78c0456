// A connection to a gateway of nobody's: what a national SMS gateway with JSON looks like.

import type { ServerResponse } from "node:http";
export const gatewayCredentials = { apiKey: "key-of-the-gateway", receiptToken: "token-of-ours" };

/** Options of a generic connection; `more` replaces members. */
export function gatewayOptions(address: string, more: object = {}) {
  return {
    channel: "sms",
    request: {
      url: `${address}/v1/send`,
      headers: { "x-api-key": "{secrets.apiKey}" },
      body: {
        json: {
          recipients: [{ msisdn: "{toDigits}" }],
          from: "{from}",
          message: "{text}",
          validity: "{ttlSeconds}",
          reference: "{commandId}",
        },
      },
    },
    answer: {
      rules: [
        { when: { status: ["2xx"], jsonPointer: "/messages/0/id" }, means: "accepted" },
        { when: { jsonPointer: "/error/code", regex: "^(1[0-9]{2})$" }, means: "temporary" },
        { when: { status: ["4xx"], jsonPointer: "/error" }, means: "refused" },
      ],
      id: { jsonPointer: "/messages/0/id" },
      code: { jsonPointer: "/error/code" },
      text: { jsonPointer: "/error/message" },
    },
    errorClasses: { PERMANENT: ["404"], CONSENT: ["410"], TEMPORARY: ["7"] },
    receipts: {
      proof: { header: { name: "x-token", value: "{secrets.receiptToken}" } },
      items: "/results",
      id: "/id",
      status: {
        jsonPointer: "/state",
        words: { DELIVRD: "DELIVERED", UNDELIV: "UNDELIVERED", EXPIRED: "EXPIRED" },
      },
      code: { jsonPointer: "/error" },
      text: "/reason",
      time: { jsonPointer: "/at", format: "yyyy-MM-dd HH:mm:ss", utcOffset: "+02:00" },
    },
    ...more,
  };
}

/** Takes what is not for a number that ends with 410. */
export function answerOfGateway({ recipients: [{ msisdn }], reference }: GatewayCall): Answer {
  const isBlocked = msisdn.endsWith("410");
  const error = { code: 410, message: "On the block list" };
  return (response) => {
    response.writeHead(isBlocked ? 400 : 202, { "content-type": "application/json" });
    const [id] = reference.split(":");
    response.end(JSON.stringify(isBlocked ? { error } : { messages: [{ id }] }));
  };
}

type GatewayCall = { recipients: [{ msisdn: string }]; reference: string };
type Answer = (response: ServerResponse) => void;
