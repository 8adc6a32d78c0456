// Infobip's error body, as its OpenAPI has it: of the whole request, with what is wrong in it.

export type Violation = { property: string; violation: string };

/** By HTTP status. */
const WORDS: Readonly<Record<number, readonly [description: string, action: string]>> = {
  401: [
    "The request lacks valid authentication credentials for the requested resource.",
    "Check the resources and adjust authentication credentials.",
  ],
  403: [
    "Insufficient permissions to access the requested resource.",
    "Repeat the request with new or different credentials.",
  ],
  404: [
    "Not found - request URL doesn't exist on the API server or resource is not found.",
    "Check the resources and adjust your request.",
  ],
  429: ["Too many requests.", "Repeat the request later."],
  500: ["Something went wrong.", "Contact the support."],
  503: ["Nothing was accepted.", "Repeat the request later."],
};
/** For 400, and for any other of the client's, under its own number. */
const MALFORMED: readonly [string, string] = [
  "Request cannot be processed.",
  "Check the syntax, violations and adjust the request.",
];

/** Ends a request with a body of Infobip's. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly violations: readonly Violation[];

  constructor(status: number, violations: readonly Violation[] = []) {
    super(`E${status}`);
    this.status = status;
    this.violations = violations;
  }
}

export function apiErrorBody({ status, violations }: ApiError) {
  const [description, action] = WORDS[status] ?? MALFORMED;
  return { errorCode: `E${status}`, description, action, violations, resources: [] };
}
