// Vonage's error body, that of RFC 7807 with a trace id as `instance`: components `Error...` of the
// OpenAPI document of Messages (1.4.0, github.com/Nexmo/api-specification). A `type` leads to a number
// of the list of errors; the numbers in the examples of the document's schemas are others, which that
// list gives other meanings (looked up in November 2026).
import { type ErrorNumber, errorList, errorUrl } from "./error-list.ts";

type Kind = { status: number; type: string; title: string; detail: string };

function listed(status: number, number: ErrorNumber, ownDetail?: string): Kind {
  const [title, detail] = errorList[number];
  return { status, type: errorUrl(number), title, detail: ownDetail ?? detail };
}

/** One of those that all of Vonage's APIs have. */
function generic(status: number, anchor: string, title: string, detail: string): Kind {
  return { status, type: `https://developer.vonage.com/api-errors#${anchor}`, title, detail };
}

const CHECK_CREDENTIALS =
  "Check that you're using the correct credentials, and that your account has this feature enabled";

/** What else a request can be refused for. */
const OTHERS = {
  unauthorized: generic(
    401,
    "unauthorized",
    "You did not provide correct credentials.",
    CHECK_CREDENTIALS,
  ),
  forbidden: generic(
    403,
    "forbidden",
    "Your account does not have permission to perform this action",
    CHECK_CREDENTIALS,
  ),
  "not-found": generic(
    404,
    "not-found",
    "Not found",
    "The requested resource does not exist, or you do not have access to it",
  ),
  "invalid-json": generic(
    422,
    "invalid-json",
    "The request body did not contain valid JSON",
    "Send a JSON object",
  ),
  "bad-request": generic(400, "bad-request", "Bad request", "The request cannot be processed."),
  throttled: listed(429, 1000, "Too many requests. Please wait, then retry your request"),
  internal: listed(500, 1030),
  unavailable: listed(503, 1100, "Nothing was accepted. Please wait, then retry your request"),
} as const satisfies Record<string, Kind>;

/** The number of a fault of the request's members; all of them are 422. */
export const memberNumbers = {
  params: 1020,
  template: 1022,
  ttl: 1130,
  channel: 1400,
  "channel-params": 1410,
  sender: 1420,
  recipient: 1430,
  destination: 1251,
  "too-many": 1241,
  facility: 1140,
  "message-type": 1440,
  "client-ref": 1450,
} as const satisfies Record<string, ErrorNumber>;

export type MemberKind = keyof typeof memberNumbers;
export type ErrorKind = MemberKind | keyof typeof OTHERS;
export type InvalidParameter = { name: string; reason: string };

type Particulars = {
  /** In place of the kind's own. */
  status?: number;
  detail?: string;
  invalidParameters?: readonly InvalidParameter[];
};

function kindOf(kind: ErrorKind): Kind {
  return isOfMember(kind) ? listed(422, memberNumbers[kind]) : OTHERS[kind];
}

function isOfMember(kind: ErrorKind): kind is MemberKind {
  return Object.hasOwn(memberNumbers, kind);
}

/** Ends a request with a body of Vonage's. */
export class VonageError extends Error {
  override name = "VonageError";
  readonly kind: ErrorKind;
  readonly status: number;
  readonly invalidParameters: readonly InvalidParameter[];

  constructor(kind: ErrorKind, { status, detail, invalidParameters = [] }: Particulars = {}) {
    const own = kindOf(kind);
    super(detail ?? own.detail);
    this.kind = kind;
    this.status = status ?? own.status;
    this.invalidParameters = invalidParameters;
  }
}

/** `instance` names this answer in our log. */
export function vonageErrorBody(error: VonageError, instance: string) {
  const { kind, message: detail, invalidParameters } = error;
  const { type, title } = kindOf(kind);
  const told = invalidParameters.length > 0 ? { invalid_parameters: invalidParameters } : {};
  return { type, title, detail, instance, ...told };
}
