// Alibaba Cloud's error body and codes, as the RPC gateway and Chat App Message Service have them. A
// refusal is never answered 200: their SDKs take whatever is 200 for a success.

/** Codes that say the same of every action, with their HTTP status and words. */
const CODES = {
  MissingAccessKeyId: [400, "AccessKeyId is mandatory for this action: sign the request."],
  "InvalidAccessKeyId.NotFound": [404, "Specified access key is not found."],
  SignatureDoesNotMatch: [
    400,
    "Specified signature is not matched with our calculation: check the AccessKey secret, the signed parameters and headers.",
  ],
  "InvalidTimeStamp.Format": [400, "Specified time stamp or date value is not well formatted."],
  "InvalidTimeStamp.Expired": [
    400,
    "Specified time stamp or date value is expired, or more than 15 minutes ahead.",
  ],
  MissingSignatureNonce: [400, "SignatureNonce is mandatory for this action."],
  SignatureNonceUsed: [400, "Specified signature nonce was used already."],
  "Ram.PermissionDeny": [403, "User not authorized to operate on the specified resource."],
  "Product.Unsubscript": [403, "SMS fallback is not activated for the channel."],
  "InvalidAction.NotFound": [404, "Specified api is not found, please check your url and method."],
  InvalidVersion: [400, "Specified parameter Version is not valid: it is 2020-06-06."],
  UnsupportedHTTPMethod: [405, "This http method is not supported."],
  UnsupportedContentType: [415, "The body must be application/x-www-form-urlencoded."],
  RequestEntityTooLarge: [413, "The request is too large."],
  BadRequest: [400, "The request is not understood."],
  "Throttling.User": [429, "Request was denied due to user flow control."],
  InternalError: [500, "The request processing has failed due to some unknown error."],
  ServiceUnavailable: [503, "The request has failed due to a temporary failure: try it again."],
} as const satisfies Record<string, readonly [status: number, words: string]>;
export type ApiErrorCode = keyof typeof CODES;

/** Ends a request with a body of Alibaba's. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, words: string) {
    super(words);
    this.status = status;
    this.code = code;
  }
}

/** The error of a code, with what else is known of it. */
export function apiError(code: ApiErrorCode, more = ""): ApiError {
  const [status, words] = CODES[code];
  return new ApiError(status, code, more === "" ? words : `${words} ${more}`);
}

/** Of one parameter that must be there. */
export function missing(name: string): ApiError {
  return new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}

/** Of one parameter; `words` stand behind its name. */
export function invalid(name: string, words: string): ApiError {
  return new ApiError(400, `InvalidParameter.${name}`, `The parameter ${name} ${words}.`);
}

export function apiErrorBody({ code, message }: ApiError, requestId: string) {
  return { RequestId: requestId, HostId: "fallthrough", Code: code, Message: message };
}
