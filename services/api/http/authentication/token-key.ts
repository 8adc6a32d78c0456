// `Authorization: Bearer <JWT>` (RFC 7519) that an application signs with a private key of its own, of
// which the settings have the public half. Claims as Vonage's clients write them:
// https://developer.vonage.com/en/getting-started/concepts/authentication#json-web-tokens.
import type { FastifyRequest } from "fastify";
import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { ApiKey, Settings } from "#libs/settings/account.ts";
import { readPublicKey } from "#libs/settings/public-key.ts";

const FORM = /^Bearer +([\w-]{1,512}\.[\w-]{1,4096}\.[\w-]{1,4096})$/i;
/** Vonage's: a token that does not say when it ends ends after 15 min; none may last longer than a day. */
const LIFE_SECONDS = 15 * 60;
const LIFE_SECONDS_MAX = 24 * 3_600;
/** How far the clocks of a client and of this process may be apart. */
const CLOCK_SECONDS = 60;
const TOKEN_ID_LENGTH_MAX = 256;

/** A token that is good, by itself: whether it was used before is not known. */
export type Token = {
  apiKey: ApiKey;
  applicationId: string;
  /** `jti`; no two tokens of an application have the same. */
  tokenId: string;
  /** How long it may still be good, seconds. */
  leftSeconds: number;
  /** What it says of the paths that it is good for. */
  acl: unknown;
};

/**
 * Undefined where the request shows none, or one whose application is unknown or revoked, that is
 * signed by somebody else or otherwise than by RS256, that is over or not good yet, or has no `jti`.
 */
export async function readToken(
  { headers }: FastifyRequest,
  settings: Settings,
): Promise<Token | undefined> {
  const token = FORM.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  try {
    return await checkToken(token, settings);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

async function checkToken(token: string, settings: Settings): Promise<Token | undefined> {
  const { application_id: applicationId, exp: endsAt } = decodeJwt(token);
  const application =
    typeof applicationId === "string" ? settings.findAccessKey(applicationId) : undefined;
  const publicKey = readPublicKey(application?.publicKey ?? "");
  if (typeof applicationId !== "string" || !application || !publicKey) return undefined;
  const { payload } = await jwtVerify(token, publicKey, {
    algorithms: ["RS256"],
    requiredClaims: ["iat", "jti"],
    maxTokenAge: endsAt === undefined ? LIFE_SECONDS : LIFE_SECONDS_MAX,
    clockTolerance: CLOCK_SECONDS,
  });
  const { jti: tokenId } = payload;
  if (!isTokenId(tokenId) || isTooLong(payload)) return undefined;
  const { apiKey } = application;
  const leftSeconds = leftSecondsOf(payload);
  return { apiKey, applicationId, tokenId, leftSeconds, acl: payload["acl"] };
}

function isTokenId(tokenId: unknown): tokenId is string {
  return typeof tokenId === "string" && tokenId !== "" && tokenId.length <= TOKEN_ID_LENGTH_MAX;
}

function isTooLong({ iat = 0, exp = 0 }: JWTPayload): boolean {
  return exp - iat > LIFE_SECONDS_MAX;
}

/** A token is looked at by the second that has begun, so it is good until the one of its end is over. */
function leftSecondsOf({ iat = 0, exp = iat + LIFE_SECONDS }: JWTPayload): number {
  const endsAt = Math.floor(exp) + 1;
  return Math.max(0, Math.ceil(endsAt - Date.now() / 1_000)) + CLOCK_SECONDS;
}
