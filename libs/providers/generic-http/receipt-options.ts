// Where in a gateway's receipts is what, what they are believed by, and how they are answered.
import { type Static, Type } from "typebox";
import { Pointer } from "./answer-options.ts";
import {
  BasicOptions,
  BearerOptions,
  HeaderName,
  HmacOptions,
  one,
  Template,
} from "./request-options.ts";

const strict = { additionalProperties: false };
const statuses = [
  "ACCEPTED",
  "SENT",
  "DELIVERED",
  "READ",
  "REJECTED",
  "FAILED",
  "UNDELIVERED",
  "EXPIRED",
  "UNKNOWN",
] as const;

const Proof = Type.Object(
  {
    header: Type.Optional(Type.Object({ name: HeaderName, value: Template }, strict)),
    query: Type.Optional(
      Type.Object({ name: Type.String({ pattern: "^\\w{1,64}$" }), value: Template }, strict),
    ),
    basic: Type.Optional(BasicOptions),
    bearer: Type.Optional(BearerOptions),
    hmac: Type.Optional(HmacOptions),
    addresses: Type.Optional(
      Type.Array(Type.String({ maxLength: 50 }), { minItems: 1, maxItems: 100 }),
    ),
  },
  { ...one, description: "One of them: nothing is believed without." },
);
export type ReceiptProof = Static<typeof Proof>;

const Time = Type.Object(
  {
    jsonPointer: Pointer,
    format: Type.String({
      pattern: "^(epochSeconds|epochMs|iso8601|[yMdHms\\-/.: T]{6,30})$",
      description: "`epochSeconds`, `epochMs`, `iso8601`, or letters as in `yyyy-MM-dd HH:mm:ss`.",
    }),
    utcOffset: Type.String({
      pattern: "^[+-](0\\d|1[0-4]):[0-5]\\d$",
      default: "+00:00",
      description: "Of times that name none.",
    }),
  },
  strict,
);
export type TimeOptions = Static<typeof Time>;

const ChargeWords = Type.Object(
  {
    price: Type.Optional(Type.Unsafe<string>({ ...Pointer, description: "Of the message." })),
    unitCount: Type.Optional(
      Type.Unsafe<string>({ ...Pointer, description: "The price is of each of so many." }),
    ),
    currency: Type.Optional(
      Type.String({
        pattern: "^([A-Z]{3}|(/([^~/]|~[01])*)+)$",
        maxLength: 200,
        description: "One of ISO 4217, or where it stands: `EUR`, `/price/currency`.",
      }),
    ),
    billable: Type.Optional(
      Type.Unsafe<string>({ ...Pointer, description: "A truth value, 0 or 1." }),
    ),
    category: Type.Optional(Pointer),
    network: Type.Optional(
      Type.Unsafe<string>({ ...Pointer, description: "MCC and MNC, one behind the other." }),
    ),
  },
  { ...strict, minProperties: 1 },
);
export type ChargeOptions = Static<typeof ChargeWords>;

export const ReceiptOptions = Type.Object(
  {
    method: Type.Enum(["POST", "GET"], { default: "POST" }),
    // The query of a GET is a form.
    body: Type.Enum(["json", "form"], { default: "json" }),
    proof: Proof,
    items: Type.Optional(
      Type.Unsafe<string>({ ...Pointer, description: "Of the array; absent: one receipt a post." }),
    ),
    id: Pointer,
    status: Type.Object(
      {
        jsonPointer: Pointer,
        words: Type.Record(Type.String(), Type.Enum(statuses), {
          minProperties: 1,
          maxProperties: 100,
          description: "What each word means, whatever its case; others change nothing.",
        }),
      },
      strict,
    ),
    code: Type.Optional(
      Type.Object(
        {
          jsonPointer: Pointer,
          none: Type.Array(Type.String({ maxLength: 64 }), {
            default: ["", "0", "000"],
            maxItems: 20,
            description: "What stands there when nothing went wrong.",
          }),
        },
        strict,
      ),
    ),
    text: Type.Optional(Pointer),
    time: Type.Optional(Time),
    charge: Type.Optional(ChargeWords),
    answer: Type.Object(
      {
        status: Type.Integer({ minimum: 200, maximum: 299, default: 200 }),
        contentType: Type.String({ pattern: "^[a-z]+/[a-z0-9.+-]+$", default: "text/plain" }),
        text: Type.String({ maxLength: 500, default: "OK" }),
      },
      { ...strict, default: {} },
    ),
  },
  strict,
);
export type ReceiptOptions = Static<typeof ReceiptOptions>;
