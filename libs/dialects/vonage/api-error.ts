// Vonage's error body, that of RFC 7807 with a trace id as `instance`: components `Error...` of the
// OpenAPI document of Messages (1.4.0, github.com/Nexmo/api-specification). A `type` leads to a number
// of https://developer.vonage.com/api-errors, whose list is the document's `x-errors`; the numbers in
// the examples of its schemas are others, which that list gives other meanings (looked up in November 2026).

type Kind = readonly [status: number, anchor: string, title: string, detail: string];

const OF_ALL = "https://developer.vonage.com/api-errors";
const OF_MESSAGES = `${OF_ALL}/messages`;
const INVALID = "The value of one or more parameters is invalid.";

const KINDS = {
  unauthorized: [
    401,
    `${OF_ALL}#unauthorized`,
    "You did not provide correct credentials.",
    "Check that you're using the correct credentials, and that your account has this feature enabled",
  ],
  forbidden: [
    403,
    `${OF_ALL}#forbidden`,
    "Your account does not have permission to perform this action",
    "Check that you're using the correct credentials, and that your account has this feature enabled",
  ],
  "not-found": [
    404,
    `${OF_ALL}#not-found`,
    "Not found",
    "The requested resource does not exist, or you do not have access to it",
  ],
  "invalid-json": [
    422,
    `${OF_ALL}#invalid-json`,
    "The request body did not contain valid JSON",
    "Send a JSON object",
  ],
  "bad-request": [400, `${OF_ALL}#bad-request`, "Bad request", "The request cannot be processed."],
  internal: [
    500,
    `${OF_MESSAGES}#1030`,
    "Internal error",
    "There was an error processing your request in the Platform.",
  ],
  unavailable: [
    503,
    `${OF_MESSAGES}#1100`,
    "Communication Failed",
    "Nothing was accepted. Please wait, then retry your request",
  ],
  params: [422, `${OF_MESSAGES}#1020`, "Invalid params", INVALID],
  template: [
    422,
    `${OF_MESSAGES}#1022`,
    "Invalid template",
    "Invalid template or template parameters",
  ],
  ttl: [422, `${OF_MESSAGES}#1130`, "Invalid TTL", "The value of `ttl` is invalid."],
  channel: [
    422,
    `${OF_MESSAGES}#1400`,
    "Unsupported channel",
    "The specified channel is not supported.",
  ],
  "channel-params": [422, `${OF_MESSAGES}#1410`, "Invalid channel parameters", INVALID],
  sender: [
    422,
    `${OF_MESSAGES}#1420`,
    "Invalid sender",
    "The `from` parameter is invalid for the given channel.",
  ],
  recipient: [
    422,
    `${OF_MESSAGES}#1430`,
    "Invalid recipient",
    "The `to` parameter is invalid for the given channel.",
  ],
  "message-type": [
    422,
    `${OF_MESSAGES}#1440`,
    "Invalid message type",
    "The message type specified in the request is not supported for the given channel.",
  ],
  "client-ref": [
    422,
    `${OF_MESSAGES}#1450`,
    "Invalid client reference",
    "The client reference can be a string of up to 100 characters.",
  ],
} as const satisfies Record<string, Kind>;

export type ErrorKind = keyof typeof KINDS;
export type InvalidParameter = { name: string; reason: string };

type Particulars = {
  /** In place of the kind's own. */
  status?: number;
  detail?: string;
  invalidParameters?: readonly InvalidParameter[];
};

/** Ends a request with a body of Vonage's. */
export class VonageError extends Error {
  override name = "VonageError";
  readonly kind: ErrorKind;
  readonly status: number;
  readonly invalidParameters: readonly InvalidParameter[];

  constructor(kind: ErrorKind, { status, detail, invalidParameters = [] }: Particulars = {}) {
    const [ownStatus, , , ownDetail] = KINDS[kind];
    super(detail ?? ownDetail);
    this.kind = kind;
    this.status = status ?? ownStatus;
    this.invalidParameters = invalidParameters;
  }
}

/** `instance` names this answer in our log. */
export function vonageErrorBody(error: VonageError, instance: string) {
  const { kind, message: detail, invalidParameters } = error;
  const [, type, title] = KINDS[kind];
  const told = invalidParameters.length > 0 ? { invalid_parameters: invalidParameters } : {};
  return { type, title, detail, instance, ...told };
}
