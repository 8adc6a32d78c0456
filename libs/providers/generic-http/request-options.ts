// What is asked of a gateway: texts with placeholders (`placeholders.ts`), escaped by where they stand.
import { type Static, Type } from "typebox";

const strict = { additionalProperties: false };
export const one = { ...strict, minProperties: 1, maxProperties: 1 };

export const Template = Type.String({ maxLength: 2_000 });
/** RFC 9110: a token. Those of the connection itself are not a setting's. */
export const HeaderName = Type.String({
  pattern:
    "^(?!(host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect)$)[!#$%&'*+.^_`|~0-9a-z-]{1,64}$",
  description: "In lower case.",
});

/** A signature: HMAC of the body. */
export const HmacOptions = Type.Object(
  {
    header: HeaderName,
    key: Template,
    hash: Type.Enum(["sha1", "sha256", "sha512"], { default: "sha256" }),
    encoding: Type.Enum(["hex", "base64"], { default: "hex" }),
    prefix: Type.String({ maxLength: 20, default: "" }),
    timestampHeader: Type.Optional(
      Type.Unsafe<string>({
        ...HeaderName,
        description: "Holds epoch seconds; what is signed is then `<seconds>.<body>`.",
      }),
    ),
  },
  strict,
);

const OAuthOptions = Type.Object(
  {
    url: Type.String({ pattern: "^https?://[^\\s/?#@{}]+(/[^\\s#{}]*)?$", maxLength: 500 }),
    clientId: Template,
    clientSecret: Template,
    scope: Type.Optional(Type.String({ pattern: "^[\\x20-\\x7e]{1,500}$" })),
    credentialsIn: Type.Enum(["header", "body"], { default: "header" }),
  },
  strict,
);

export const BasicOptions = Type.Object({ user: Template, password: Template }, strict);
export const BearerOptions = Type.Object({ token: Template }, strict);

export const AuthOptions = Type.Object(
  {
    basic: Type.Optional(BasicOptions),
    bearer: Type.Optional(BearerOptions),
    hmac: Type.Optional(HmacOptions),
    oauth2: Type.Optional(OAuthOptions),
  },
  { ...one, description: "One of them; absent: none, or a header of `request.headers`." },
);
export type AuthOptions = Static<typeof AuthOptions>;

const Body = Type.Object(
  {
    json: Type.Optional(Type.Unknown({ description: "JSON whose texts are templates." })),
    form: Type.Optional(Type.Record(Type.String(), Template, { maxProperties: 100 })),
    xml: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000 })),
  },
  one,
);

export const RequestOptions = Type.Object(
  {
    method: Type.Enum(["POST", "GET", "PUT"], { default: "POST" }),
    // No placeholder decides where a call goes.
    url: Type.String({
      pattern: "^https?://[^\\s/?#@{}]+([/?][^\\s#]*)?$",
      patternWords: "must be a URL with https://, whose host has no placeholder",
      maxLength: 2_000,
    }),
    headers: Type.Optional(
      Type.Record(HeaderName, Template, { propertyNames: HeaderName, maxProperties: 20 }),
    ),
    body: Type.Optional(Body),
    idempotencyHeader: Type.Optional(
      Type.Unsafe<string>({
        ...HeaderName,
        description: "Gets the commandId: whoever names it says that a repeated call sends once.",
      }),
    ),
  },
  strict,
);
export type RequestOptions = Static<typeof RequestOptions>;
