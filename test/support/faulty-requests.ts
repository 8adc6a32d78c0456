// A request for every code that one can be refused with: as a body of the native API, and as a record
// on the topic. A code that is told on one way in only has no request for the other.
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import type { FaultCode } from "#libs/judgement/fault.ts";
import { START } from "#test/support/journal-entry.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const DAY_MS = 24 * 3_600_000;
const after = (ms: number) => new Date(START + ms).toISOString();

type Faulty = {
  /** Laid over a body that is good. */
  http?: object;
  /** Laid over a request that is good. */
  kafka?: Partial<SendRequest>;
};

const { content, recipient } = storedRequest();
const step = (more: Partial<Step> = {}) => requestedStep("whatsapp", more);
const sms = step({ channel: "sms" });
const rich = (type: SendRequest["content"]["type"], json: object | null) => ({
  ...content,
  type,
  text: null,
  richJson: json && JSON.stringify(json),
});
const template = { name: "otp", language: "en" };
const withParameter = (text: unknown) => ({
  ...template,
  components: [{ type: "body", parameters: [{ type: "text", text }] }],
});
const byWhatsApp = { steps: [{ channel: "whatsapp" }] };
const bySms = { steps: [{ channel: "sms" }] };
const long = "x".repeat(161);

/** For the account of `faultyAccount`. */
export const faultyRequests: Readonly<Record<FaultCode, Faulty>> = {
  invalid: { http: { colour: "red" } },
  "not-well-formed": {
    http: { clientMessageId: "\ud83d" },
    kafka: { steps: [step()], content: rich("CAROUSEL", { carousel: { title: "\ud83d" } }) },
  },
  "unknown-word": {
    http: { steps: [{ channel: "sms", wanted: "SEEN" }] },
    kafka: { steps: [step({ wanted: "UNKNOWN" })] },
  },
  "too-long": {
    http: { clientMessageId: "c".repeat(129) },
    kafka: { clientMessageId: "c".repeat(129) },
  },
  "too-many": {
    kafka: {
      recipient: {
        ...recipient,
        channelUserIds: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [index, "x"])),
      },
    },
  },
  "too-large": {
    kafka: {
      steps: Array.from({ length: 5 }, () =>
        step({ content: rich("IMAGE", { note: "x".repeat(220_000) }) }),
      ),
    },
  },
  "too-many-steps": {
    http: { steps: Array.from({ length: 11 }, () => ({ channel: "sms" })) },
    kafka: { steps: Array.from({ length: 11 }, () => sms) },
  },
  "out-of-range": {
    http: { steps: [{ channel: "sms", ttlSeconds: 2_592_001 }] },
    kafka: { steps: [step({ ttlSeconds: 2_592_001 })] },
  },
  "impossible-wait": {
    http: { steps: [{ channel: "whatsapp", waitSeconds: 0 }, { channel: "sms" }] },
    kafka: { steps: [step({ waitSeconds: 0 }), sms] },
  },
  "unknown-account": { kafka: { accountId: "nobody" } },
  "message-id-taken": {},
  "stale-request": { kafka: { requestedAt: START - 25 * 3_600_000 } },
  "no-flow": { http: {}, kafka: {} },
  "unknown-flow": { http: { flowId: "nowhere" }, kafka: { flowId: "nowhere" } },
  "unknown-channel": {
    http: { steps: [{ channel: "pigeon" }] },
    kafka: { steps: [step({ channel: "pigeon" })] },
  },
  "unknown-sender": {
    http: { steps: [{ channel: "sms", sender: "ELSE" }] },
    kafka: { steps: [{ ...sms, sender: "ELSE" }] },
  },
  "unknown-template": {
    http: { ...byWhatsApp, content: { type: "TEMPLATE", template: { ...template, name: "no" } } },
    kafka: {
      steps: [step()],
      content: rich("TEMPLATE", { template: { ...template, name: "no" } }),
    },
  },
  "country-not-allowed": {
    http: { ...bySms, recipient: { msisdn: "+61491570156" } },
    kafka: { steps: [{ ...sms, recipient: { ...recipient, msisdn: "+61491570156" } }] },
  },
  "number-class-not-allowed": {
    http: { ...bySms, recipient: { msisdn: "+449098790000" } },
    kafka: { steps: [sms], recipient: { ...recipient, msisdn: "+8816123456789" } },
  },
  "sender-not-approved": {
    http: { steps: [{ channel: "rcs" }] },
    kafka: { steps: [step({ channel: "rcs" })] },
  },
  // The account has all prices: test/unit/libs/judgement/limit-faults.test.ts.
  "no-price": {},
  // A day's use is what Redis says.
  "messages-cap-reached": {},
  "segments-cap-reached": {},
  "spend-cap-reached": {},
  "number-cap-reached": {},
  "prefix-cap-reached": {},
  "sms-fallback-off": {
    http: { steps: [{ channel: "viber" }, { channel: "sms" }] },
    kafka: { steps: [step({ channel: "viber" }), sms] },
  },
  "no-recipient": {
    http: { ...bySms, recipient: {} },
    kafka: { steps: [sms], recipient: { ...recipient, msisdn: null } },
  },
  "bad-number": {
    http: { ...bySms, recipient: { msisdn: "BR.1393844729" } },
    kafka: { steps: [sms], recipient: { ...recipient, msisdn: "006599920000" } },
  },
  "bad-country": {
    http: { ...bySms, recipient: { msisdn: "+6591234567", country: "XX" } },
    kafka: { steps: [sms], recipient: { ...recipient, country: "XX" } },
  },
  "no-address": {
    http: {
      recipient: { channelUserIds: { whatsapp: "US.1" } },
      steps: [{ channel: "whatsapp" }, { channel: "sms" }],
    },
    kafka: {
      recipient: { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } },
      steps: [step(), sms],
    },
  },
  "content-missing": {
    http: { ...byWhatsApp, content: { text: " \u200b" } },
    kafka: { steps: [step()], content: { ...content, text: "" } },
  },
  "bad-rich-content": {
    http: { ...byWhatsApp, content: { type: "IMAGE", rich: { url: "c:\\a.png" } } },
    kafka: { steps: [step()], content: { ...content, type: "IMAGE", richJson: "{" } },
  },
  "bad-template-parameter": {
    http: {
      ...byWhatsApp,
      content: { type: "TEMPLATE", template: withParameter("two\nlines") },
    },
    kafka: { steps: [step()], content: rich("TEMPLATE", { template: withParameter(123) }) },
  },
  "bad-sms-source": {
    http: { ...bySms, content: { text: "Hi", sms: { source: "Café" } } },
    kafka: { steps: [sms], content: { ...content, sms: { encoding: "AUTO", source: " " } } },
  },
  "sms-without-text": {
    http: { ...bySms, content: { type: "TEMPLATE", template } },
    kafka: { steps: [sms], content: rich("TEMPLATE", { template }) },
  },
  "sms-not-gsm": {
    http: { ...bySms, content: { text: "я", sms: { encoding: "GSM" } } },
    kafka: {
      steps: [sms],
      content: { ...content, text: "я", sms: { encoding: "GSM", source: null } },
    },
  },
  "sms-too-long": {
    http: { ...bySms, content: { text: long } },
    kafka: { steps: [sms], content: { ...content, text: long } },
  },
  "not-an-instant": {
    http: { ...bySms, scheduledAt: "2026-11-31T10:00:00Z" },
    kafka: { steps: [sms], scheduledAt: 8.7e15 },
  },
  "schedule-too-far": {
    http: { ...bySms, scheduledAt: after(31 * DAY_MS) },
    kafka: { steps: [sms], scheduledAt: START + 31 * DAY_MS },
  },
  "expires-too-early": {
    http: { ...bySms, expiresAt: after(-1) },
    kafka: { steps: [sms], scheduledAt: START + 2, expiresAt: START + 1 },
  },
  "bad-callback-url": {
    http: { ...bySms, callbackUrl: "ftp://example.com" },
    kafka: { steps: [sms], callbackUrl: "no url" },
  },
  "ttl-longer-than-wait": {
    http: {
      content: { type: "TEMPLATE", template, fallbackText: "Hi" },
      steps: [{ channel: "whatsapp", waitSeconds: 60 }, { channel: "sms" }],
      ttlPolicy: "reject",
    },
  },
};
