// Requests in 8x8's dialect, and accounts that they are sent for. They are right but for what is given.
import type { InjectOptions } from "fastify";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { demoView } from "#test/support/demo-settings.ts";

/** A request that must be refused. */
export type Refused = readonly [about: string, request: InjectOptions, deps?: Partial<ApiDeps>];

export const MESSAGES = "/api/v1/subaccounts/demo/messages";
export const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
export const text = {
  user: { msisdn: "+6591234567" },
  type: "text",
  content: { text: "Hello World!" },
};

/** A body that must be refused. */
export const send = (payload: object, url = MESSAGES): InjectOptions => ({
  method: "POST",
  url,
  headers,
  payload,
});
export const withBodyOf = (more: object) => send({ ...text, ...more });
export const withChannels = (...channels: unknown[]) => withBodyOf({ channels });
export const withContent = (type: string, content: unknown) => withBodyOf({ type, content });
export const withSms = (sms: unknown) => withContent("text", { text: "x", sms });
export const withUser = (user: unknown) => withBodyOf({ user });
export const batch = (body: object) => send(body, `${MESSAGES}/batch`);

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };

/** The demonstration account with a setting of its own. */
export const having = <K extends Kind>(kind: K, name: string, value: BodyOf<K>) => ({
  settings: demoView(withBody({ ...stamp, kind, name }, value)),
});

const switchedOff = { senders: ["X"], smsFallback: true, enabled: false };
export const noWhatsApp = having("channel", "whatsapp", switchedOff);
