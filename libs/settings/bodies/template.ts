// Templates, of WhatsApp and of SMS, and how they are named.
import { Type } from "typebox";
import { TEMPLATE_NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { SETTING_NAME, strict, TTL_SECONDS } from "./members.ts";

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
    // The connection whose provider's list it is kept by; absent: a person made it.
    syncedFrom: Type.Optional(Type.String({ pattern: SETTING_NAME.source })),
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
