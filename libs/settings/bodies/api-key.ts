// Keys of the API, and what a key is good for.
import { type Static, Type } from "typebox";
import { Instant, strict, Title } from "./members.ts";

/** An RSA key of 16,384 bits is 2,800 characters of PEM. */
const PUBLIC_KEY_LENGTH_MAX = 4_000;

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

export type Scope = Static<typeof Scopes>[number];
