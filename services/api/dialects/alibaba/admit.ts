// Who may call Alibaba's actions: whoever signs with an access key, now and with each nonce once.
import type { FastifyRequest } from "fastify";
import { apiError } from "#libs/dialects/alibaba/api-error.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import type { Scope } from "#libs/settings/bodies/api-key.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { acs3Signature } from "../../http/authentication/acs3-signature.ts";
import { rpcSignature } from "../../http/authentication/rpc-signature.ts";
import type { Signed, SignedRequest } from "../../http/authentication/signature.ts";
import { SIGNATURE_WINDOW_MS } from "../../http/authentication/signature-nonces.ts";

type AdmitDeps = Pick<ApiDeps, "settings" | "secretsKeys" | "signatureNonces">;

/** What the request is signed with. Throws ApiError for one that is not. */
export function readSignature(request: SignedRequest): Signed {
  const signed = acs3Signature(request) ?? rpcSignature(request);
  if (!signed) throw apiError("MissingAccessKeyId");
  return signed;
}

/** Lets a signed request in and notes its key and account. Throws ApiError. */
export async function admit(
  request: FastifyRequest,
  { claim, scope }: { claim: Signed; scope: Scope },
  { settings, secretsKeys, signatureNonces }: AdmitDeps,
): Promise<void> {
  const accessKey = settings.findAccessKey(claim.accessKeyId);
  if (!accessKey) throw apiError("InvalidAccessKeyId.NotFound");
  checkTime(claim);
  const secret = accessKey.openSecret(secretsKeys);
  if (secret === undefined || !claim.isGood(secret)) throw apiError("SignatureDoesNotMatch");
  if (claim.nonce === "") throw apiError("MissingSignatureNonce");
  // Only now: a stranger must not use up another's nonces.
  const { accessKeyId: signerId, nonce } = claim;
  if (!(await signatureNonces.claim({ signerId, nonce }))) throw apiError("SignatureNonceUsed");
  const { apiKey } = accessKey;
  const account = settings.findAccount(apiKey.accountId);
  if (!account || !apiKey.scopes.includes(scope)) throw apiError("Ram.PermissionDeny");
  request.apiKey = apiKey;
  request.account = account;
}

function checkTime({ signedAt }: Signed): void {
  const at = parseInstant(signedAt);
  if (Number.isNaN(at)) throw apiError("InvalidTimeStamp.Format");
  if (Math.abs(Date.now() - at) > SIGNATURE_WINDOW_MS) throw apiError("InvalidTimeStamp.Expired");
}
