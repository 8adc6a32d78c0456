// What each kind of setting holds, as the API takes and shows it. The same schemas check what a
// caller writes and what is read from the topic.
import { type Static, Type } from "typebox";
import {
  NAME_LENGTH_MAX,
  SETTING_NAME_LENGTH_MAX,
  STEP_COUNT_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TTL_SECONDS_MAX,
  WAIT_SECONDS_MAX,
} from "#libs/contracts/limits.ts";
import { channels } from "#libs/contracts/topics.ts";
import { dialectNames } from "#libs/dialects/names.ts";

/** No slash: names are parts of a record's key. A space and a plus occur in senders. */
export const SETTING_NAME = /^[A-Za-z0-9+][A-Za-z0-9+\-._& ]{0,63}$/;

const LANGUAGE = `[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8}){0,2}`;
const TEMPLATE = `[a-z0-9_]{1,${TEMPLATE_NAME_LENGTH_MAX}}`;
/** Meta's limit and alphabet of a template's name, wherever it is written, listed or sent. */
export const TEMPLATE_NAME = new RegExp(`^${TEMPLATE}$`);
/** A template's language, with its script and region: `en`, `en_US`, `zh_Hans_HK`. */
export const TEMPLATE_LANGUAGE = new RegExp(`^${LANGUAGE}$`);
const TEMPLATE_SETTING = new RegExp(`^${TEMPLATE}\\.${LANGUAGE}$`);

/** What the name of a setting may be; a template's is made of its own name and its language. */
export function settingNameOf(kind: string): RegExp {
  return kind === "template" ? TEMPLATE_SETTING : SETTING_NAME;
}

/** 8x8's advice for messages without a template TTL is to wait 120 to 300 s before the SMS. */
const WAIT_SECONDS_DEFAULT = 300;
const SENDER_COUNT_MAX = 100;
/** Older versions are forgotten; running messages keep their own steps. */
export const VERSION_COUNT_MAX = 50;
/** WhatsApp's are from 30 s (authentication) to 30 days (marketing). */
const TTL_SECONDS = { minimum: 30, maximum: TTL_SECONDS_MAX };

const strict = { additionalProperties: false };
const Name = Type.String({ pattern: SETTING_NAME.source });
/** A name for people. */
export const Title = Type.String({ minLength: 1, maxLength: 100 });
const Sender = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX });
const Instant = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$" });
const ChannelName = Type.Enum(channels);

/** What may become of an SMS's text before it is judged: `libs/judgement/friendly-sms.ts`. */
export const smsTexts = ["gsm-friendly"] as const;
export const GSM_FRIENDLY =
  "Typographic quotes, dashes, blanks and dots of SMS are replaced where that makes the text GSM.";

/** An RSA key of 16,384 bits is 2,800 characters of PEM. */
const PUBLIC_KEY_LENGTH_MAX = 4_000;

/** As long as a request is not stale, so that a repeat never is either. */
const REPEATS_MINUTES_MAX = 24 * 60;

export const AccountBody = Type.Object(
  {
    name: Title,
    // 8x8's generated clients refuse an account id of another length.
    guid: Type.String({ pattern: "^[0-9A-Fa-f-]{32,36}$" }),
    defaultFlow: Type.Optional(Name),
    defaultWaitSeconds: Type.Integer({
      minimum: 1,
      maximum: WAIT_SECONDS_MAX,
      default: WAIT_SECONDS_DEFAULT,
    }),
    smsSegmentsMax: Type.Integer({ minimum: 1, maximum: 10, default: 1 }),
    repeatsByClientMessageIdMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: REPEATS_MINUTES_MAX,
        description:
          "8x8's dialect: for so long a clientMessageId stands for one message. Absent: every send is one.",
      }),
    ),
    smsText: Type.Optional(
      Type.Enum(smsTexts, { description: `${GSM_FRIENDLY} Absent: SMS say what was given.` }),
    ),
  },
  strict,
);

const scopes = ["send", "read", "admin"] as const;
const Scopes = Type.Array(Type.Enum(scopes), {
  minItems: 1,
  maxItems: scopes.length,
  uniqueItems: true,
});

/** PEM; whether it is a key that is good enough, `public-key.ts` says. */
const PublicKey = Type.String({ minLength: 1, maxLength: PUBLIC_KEY_LENGTH_MAX });

/** What a caller says of a key that is to be made. */
export const NewApiKey = Type.Object(
  {
    scopes: Scopes,
    label: Type.Optional(Title),
    accessKey: Type.Boolean({
      default: false,
      description:
        "Whether it signs requests too, as Alibaba Cloud's clients do: `id` is its access key id then.",
    }),
    publicKey: Type.Optional(
      Type.String({
        ...PublicKey,
        description:
          "PEM of the RSA key whose private half signs tokens, as Vonage's clients do: `id` is the application's id then.",
      }),
    ),
  },
  strict,
);

export const ApiKeyBody = Type.Object(
  {
    hash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    // Of an access key: what its requests are signed with (`libs/webhooks/sealing.ts`).
    sealedSecret: Type.Optional(Type.String()),
    // Of one that signs tokens: what those are checked with.
    publicKey: Type.Optional(PublicKey),
    scopes: Scopes,
    label: Type.Optional(Title),
    createdAt: Instant,
    revokedAt: Type.Optional(Instant),
  },
  strict,
);

export const ChannelBody = Type.Object(
  {
    // The first one is used where a request names none.
    senders: Type.Array(Sender, { minItems: 1, maxItems: SENDER_COUNT_MAX, uniqueItems: true }),
    // Whether an SMS may follow when this channel does not get through.
    smsFallback: Type.Boolean({ default: true }),
    enabled: Type.Boolean({ default: true }),
    channelId: Type.Optional(Title),
  },
  strict,
);

export const FallbackRuleBody = Type.Object(
  { name: Title, type: Type.Literal("SMS", { default: "SMS" }), sendId: Sender },
  strict,
);

export const FallbackPolicyBody = Type.Object({ name: Title, rule: Name }, strict);

const FlowStepBody = Type.Object(
  {
    channel: ChannelName,
    sender: Type.Optional(Sender),
    // Absent: the account's default, none for the last step. null: only a report ends the step.
    waitSeconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: WAIT_SECONDS_MAX }), Type.Null()]),
    ),
    wanted: Type.Enum(["ACCEPTED", "SENT", "DELIVERED", "READ"], { default: "DELIVERED" }),
    onFailure: Type.Enum(["NEXT", "STOP"], { default: "NEXT" }),
    ttlSeconds: Type.Optional(Type.Integer(TTL_SECONDS)),
    template: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: SETTING_NAME_LENGTH_MAX,
        description:
          "The template that an invocation by Kaleyra's API fills, by its id. Other requests bring what they say.",
      }),
    ),
  },
  strict,
);

const Steps = Type.Array(FlowStepBody, { minItems: 1, maxItems: STEP_COUNT_MAX });

/** What a caller says of a flow: it becomes the draft. */
export const FlowDraft = Type.Object({ name: Type.Optional(Title), steps: Steps }, strict);

export const FlowBody = Type.Object(
  {
    name: Type.Optional(Title),
    draft: Type.Optional(Type.Object({ steps: Steps }, strict)),
    // The version that new messages get; absent: none may start.
    published: Type.Optional(Type.Integer({ minimum: 1 })),
    versions: Type.Array(
      Type.Object(
        { version: Type.Integer({ minimum: 1 }), steps: Steps, publishedAt: Instant },
        strict,
      ),
      { maxItems: VERSION_COUNT_MAX },
    ),
  },
  strict,
);

const templateMembers = {
  // Its words, with each variable as `{{name}}` or `{{1}}`.
  text: Type.Optional(Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX })),
  // Absent: approved.
  status: Type.Optional(Type.Enum(["approved", "pending", "rejected"])),
};

export const TemplateBody = Type.Object(
  {
    channel: Type.Literal("whatsapp", { default: "whatsapp" }),
    name: Type.String({ pattern: TEMPLATE_NAME.source }),
    language: Type.String({ pattern: TEMPLATE_LANGUAGE.source }),
    category: Type.Enum(["authentication", "utility", "marketing"]),
    ttlSeconds: Type.Optional(Type.Integer(TTL_SECONDS)),
    ...templateMembers,
    // What it has beside its text. Absent: nothing.
    format: Type.Optional(Type.Enum(["text", "media", "interactive"])),
  },
  strict,
);

/** Of WhatsApp's templates the words may be unknown here; an SMS is made of them. */
export const SmsTemplateBody = Type.Object(
  { ...templateMembers, text: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX }) },
  strict,
);

/** A registered sender id is its own name. */
export const SmsSenderBody = Type.Object({}, strict);

export const PriceBody = Type.Object(
  {
    channel: ChannelName,
    // ISO 3166; absent: every country that has no price of its own.
    country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
    // Per message, or per segment of an SMS, in 1/10,000 of the currency.
    perUnit: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
    chargedOn: Type.Enum(["submit", "delivery"]),
  },
  strict,
);

/** Enough for every page of a vendor's registration form; browsers take no more either. */
export const WEBHOOK_URL_LENGTH_MAX = 2_000;
/** A user or password in the URL would be kept in clear; `authorization` is there for that. */
export const WEBHOOK_URL = /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/;
/** No control characters: it becomes a header. */
export const AUTHORIZATION = /^[\x21-\x7e]([\x20-\x7e]{0,2046}[\x21-\x7e])?$/;
/** 8x8's: delivery receipts, incoming messages, button clicks. Only CADR gets anything from us. */
export const webhookTypes = ["CADR", "MSG", "CABM"] as const;
const webhookMembers = {
  url: Type.String({ pattern: WEBHOOK_URL.source, maxLength: WEBHOOK_URL_LENGTH_MAX }),
  enabled: Type.Boolean({ default: true }),
  format: Type.Enum(dialectNames, { default: "native" }),
  type: Type.Enum(webhookTypes, { default: "CADR" }),
  label: Type.Optional(Title),
};

/** What a caller says of a webhook. */
export const NewWebhook = Type.Object(
  {
    ...webhookMembers,
    // Sent as the `Authorization` header. Absent: as before; null: none.
    authorization: Type.Optional(
      Type.Union([Type.String({ pattern: AUTHORIZATION.source }), Type.Null()]),
    ),
  },
  strict,
);

/** Secrets are sealed: `libs/webhooks/sealing.ts`. */
export const WebhookBody = Type.Object(
  {
    ...webhookMembers,
    sealedSecret: Type.String(),
    // Signs beside the new one for a day after `secretChangedAt`.
    previousSealedSecret: Type.Optional(Type.String()),
    secretChangedAt: Instant,
    sealedAuthorization: Type.Optional(Type.String()),
    // In place of an authorization: what access tokens are asked for with.
    sealedOauth: Type.Optional(Type.String()),
    // What happened before is not told.
    createdAt: Instant,
  },
  strict,
);

/** A connection's options are a few words; which ones, its provider says. */
const OPTION_LENGTH_MAX = 1_000;
const CREDENTIAL_LENGTH_MAX = 10_000;
const words = (maxLength: number) =>
  Type.Record(Type.String({ pattern: "^[A-Za-z0-9]{1,64}$" }), Type.String({ maxLength }), {
    maxProperties: 50,
  });
const connectionMembers = {
  provider: Type.String({
    pattern: "^[a-z0-9-]{1,64}$",
    description: "Who carries the messages: `whatsapp-cloud`.",
  }),
  enabled: Type.Boolean({ default: true }),
  label: Type.Optional(Title),
  senders: Type.Optional(
    Type.Array(Sender, {
      minItems: 1,
      maxItems: SENDER_COUNT_MAX,
      uniqueItems: true,
      description: "Only steps with one of these go by it. Absent: all of its channels.",
    }),
  ),
  options: Type.Unsafe<Record<string, string>>({
    ...words(OPTION_LENGTH_MAX),
    description: "What its provider asks for: `libs/providers/<provider>/README.md`.",
  }),
};

/** What a caller says of a connection. */
export const NewConnection = Type.Object(
  {
    ...connectionMembers,
    credentials: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...words(CREDENTIAL_LENGTH_MAX),
        description: "Kept sealed and never shown. Absent: as before.",
      }),
    ),
  },
  strict,
);

export const ConnectionBody = Type.Object(
  {
    ...connectionMembers,
    // Ends the address of its receipts, and tells its ids from those of other connections.
    guid: Type.String({ pattern: "^[0-9a-f]{32}$" }),
    // JSON, sealed: `libs/webhooks/sealing.ts`.
    sealedCredentials: Type.String(),
  },
  strict,
);

export type ConnectionSetting = Static<typeof ConnectionBody>;
export type WebhookSetting = Static<typeof WebhookBody>;
export type Scope = Static<typeof Scopes>[number];
export type FlowStepSetting = Static<typeof FlowStepBody>;
export type FlowSetting = Static<typeof FlowBody>;
