// What `POST /v0.1/dispatch` takes: definitions/dispatch.yml, 0.3.0, of
// github.com/Nexmo/api-specification, whose limits these are. Each item has the form of its channel
// and of what it says, so that a schema tells all that is wrong with it. What is not served is refused
// by its name rather than left out, because the person would get something else than was meant.
import { type TSchema, Type } from "typebox";
import {
  STEP_COUNT_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
} from "#libs/contracts/limits.ts";
import type { MediaType } from "#libs/dialects/vonage/content.ts";
import { type DispatchType, dispatchTypes } from "../channels.ts";

type Address = { type: DispatchType; number?: string; id?: string };
type Said = {
  type: "text" | "template" | MediaType;
  text?: string;
  template?: { name: string; parameters?: { default: string }[] };
} & { [Media in MediaType]?: { url: string; caption?: string } };
/** An item of any channel; its own schema says which of these it has. */
export type Item = {
  to: Address;
  from: Address;
  message: {
    content: Said;
    viber_service_msg?: { category?: "transaction" | "promotion"; ttl?: number };
    whatsapp?: { policy?: "deterministic"; locale?: string };
  };
  failover?: { expiry_time: number; condition_status: "delivered" | "read" };
};

const strict = { additionalProperties: false };
const Id = Type.String({ minLength: 1, maxLength: 50 });
const CAPTION_LENGTH_MAX = 1_024;
const LOCALE_LENGTH_MAX = 32;

export const WorkflowBody = Type.Object(
  {
    template: Type.Enum(["failover"]),
    workflow: Type.Array(Type.Unknown(), { minItems: 1, maxItems: STEP_COUNT_MAX }),
  },
  strict,
);

export const Failover = Type.Object(
  {
    /** In seconds: "Minimum value is 15 and maximum value is 86,400 seconds (1 day)". */
    expiry_time: Type.Integer({ minimum: 15, maximum: 86_400 }),
    /** Nobody says of an SMS that it is read; Vonage's own example waits for that all the same. */
    condition_status: Type.Enum(["delivered", "read"]),
  },
  strict,
);

const text = (maxLength: number) => ({ text: Type.String({ minLength: 1, maxLength }) });
const media = (type: MediaType) => {
  const url = Type.String({ minLength: 1, maxLength: 2_000 });
  const caption = Type.Optional(Type.String({ maxLength: CAPTION_LENGTH_MAX }));
  return { [type]: Type.Object({ url, caption }, strict) };
};
const Parameter = Type.Object({ default: Type.String({ minLength: 1 }) }, strict);
const template = {
  template: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: TEMPLATE_NAME_LENGTH_MAX }),
      parameters: Type.Optional(Type.Array(Parameter, { maxItems: TEMPLATE_PARAMETER_COUNT_MAX })),
    },
    strict,
  ),
};

type Members = Record<string, TSchema>;

/** What each channel says, by the type of its content. */
const CONTENTS: Readonly<Record<DispatchType, Readonly<Record<string, Members>>>> = {
  sms: { text: text(1_000) },
  viber_service_msg: { text: text(1_000), image: media("image") },
  whatsapp: {
    text: text(4_096),
    template,
    image: media("image"),
    audio: media("audio"),
    video: media("video"),
    file: media("file"),
  },
};

const Category = Type.Enum(["transaction", "promotion"]);
const Viber = Type.Object(
  {
    category: Type.Optional(Category),
    // "If the message is not delivered in 600 seconds then delete the message."
    ttl: Type.Optional(Type.Integer({ minimum: 30, maximum: 86_400 })),
  },
  strict,
);
/** A template is one of a language here; the other policy, `fallback`, has Vonage choose it. */
const WhatsApp = Type.Object(
  {
    policy: Type.Optional(Type.Enum(["deterministic"])),
    locale: Type.String({ minLength: 2, maxLength: LOCALE_LENGTH_MAX }),
  },
  strict,
);

/** Members of `message` beside `content`. */
function optionsOf(type: DispatchType, contentType: string): Members {
  if (type === "viber_service_msg") return { viber_service_msg: Type.Optional(Viber) };
  if (type !== "whatsapp") return {};
  return { whatsapp: contentType === "template" ? WhatsApp : Type.Optional(WhatsApp) };
}

function addresses(type: DispatchType): Members {
  const both = { type: Type.Enum([type]), number: Id, id: Id };
  // The member that is not the channel's "is not required": nothing is made of it.
  const byNumber = Type.Object({ ...both, id: Type.Optional(Id) }, strict);
  const byId = Type.Object({ ...both, number: Type.Optional(Id) }, strict);
  return { to: byNumber, from: type === "viber_service_msg" ? byId : byNumber };
}

/** Members of an item that names no channel of ours. */
const OF_NO_CHANNEL: Members = {
  to: Type.Object({ type: Type.Enum(dispatchTypes) }),
  from: Type.Object({}),
  message: Type.Object({ content: Type.Object({}) }),
};

function membersOf(type: DispatchType, contentType: string): Members {
  const contents = CONTENTS[type];
  const said = contents[contentType];
  const content = Type.Object(
    { type: Type.Enum(Object.keys(contents)), ...said },
    said ? strict : {},
  );
  const message = Type.Object({ content, ...optionsOf(type, contentType) }, strict);
  return { ...addresses(type), message };
}

/** What an item says of its form; null for what is not known here. */
export type ItemForm = {
  type: DispatchType | null;
  contentType: string | null;
  isLast: boolean;
};

/** What decides on the form of an item. */
export function formOf(type: unknown, contentType: unknown): Omit<ItemForm, "isLast"> {
  const known = dispatchTypes.find((each) => each === type) ?? null;
  const said = known === null ? [] : Object.keys(CONTENTS[known]);
  return { type: known, contentType: said.find((each) => each === contentType) ?? null };
}

/** The schema of an item. The last has nothing to fail over to; every other one must say when it does. */
export function itemSchema({ type, contentType, isLast }: ItemForm) {
  const members = type ? membersOf(type, contentType ?? "") : OF_NO_CHANNEL;
  const following: Members = isLast ? {} : { failover: Failover };
  return Type.Unsafe<Item>(Type.Object({ ...members, ...following }, strict));
}
