// A client of 8x8's Messaging API, written from its documentation alone and as strict about answers
// as those that are generated from its OpenAPI. It knows a base URL, a sub-account and a key.
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";

const TIMEOUT_MS = 30_000;

const strict = { additionalProperties: false };
const Id = Type.String({
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
});
const DateTime = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" });
const optional = {
  clientMessageId: Type.Optional(Type.String()),
  clientBatchId: Type.Optional(Type.String()),
  batchId: Type.Optional(Id),
};
const User = Type.Object(
  { msisdn: Type.Optional(Type.String()), channelUserId: Type.Optional(Type.String()) },
  strict,
);
const Status = Type.Object(
  {
    state: Type.Enum([
      "queued",
      "rejected",
      "sent",
      "delivered",
      "undelivered",
      "read",
      "unknown",
      "failed",
      "ok",
      "error",
    ]),
    detail: Type.Optional(Type.String()),
    timestamp: DateTime,
    errorCode: Type.Optional(Type.Integer()),
    errorMessage: Type.Optional(Type.String()),
  },
  strict,
);
const Sent = Type.Object(
  { umid: Id, user: User, clientMessageId: optional.clientMessageId, status: Status },
  strict,
);
const SentBatch = Type.Object(
  {
    batchId: Id,
    clientBatchId: optional.clientBatchId,
    acceptedCount: Type.Integer(),
    rejectedCount: Type.Integer(),
    messages: Type.Optional(Type.Array(Sent)),
  },
  strict,
);
const Row = Type.Object(
  {
    umid: Id,
    subAccountId: Type.String(),
    channel: Type.Enum(["SMS", "WhatsApp", "Viber", "RCS"]),
    channelId: Type.String(),
    direction: Type.Literal("outbound"),
    country: Type.Optional(Type.String()),
    status: Status,
    user: User,
    contentType: Type.String(),
    content: Type.String(),
    createdAt: DateTime,
    step: Type.Integer({ minimum: 1 }),
    ...optional,
  },
  strict,
);
const Found = Type.Object({ data: Type.Array(Row, { minItems: 1 }) }, strict);
const Cancelled = Type.Object({ cancelledCount: Type.Integer({ minimum: 0 }) }, strict);
const Fault = Type.Object(
  { code: Type.Integer(), message: Type.String(), errorId: Id, timestamp: DateTime },
  strict,
);

/** What 8x8 refused, by its own code. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly code: number;

  constructor(status: number, { code, message }: Static<typeof Fault>) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Where the service is and who calls it: all that differs between 8x8 and another one. */
export type Settings = { baseUrl: string; subAccountId: string; apiKey: string };

export type EightByEightClient = ReturnType<typeof eightByEightClient>;

export function eightByEightClient(settings: Settings) {
  const call = <S extends TSchema>(method: string, path: string, answer: S, body?: unknown) =>
    callApi({ method, path, body }, answer, settings);
  return {
    send: (message: unknown) => call("POST", "/messages", Sent, message),
    sendBatch: (batch: unknown) => call("POST", "/messages/batch", SentBatch, batch),
    /** One row for each channel that was tried, in order. */
    read: async (umid: string) => (await call("GET", `/messages/${umid}`, Found)).data,
    cancel: (umid: string) => call("DELETE", `/messages/${umid}`, Cancelled),
    cancelBatch: (batchId: string) => call("DELETE", `/messages/batch/${batchId}`, Cancelled),
  };
}

type Call = { method: string; path: string; body: unknown };

async function callApi<S extends TSchema>(
  { method, path, body }: Call,
  answer: S,
  { baseUrl, subAccountId, apiKey }: Settings,
): Promise<Static<S>> {
  const response = await fetch(`${baseUrl}/api/v1/subaccounts/${subAccountId}${path}`, {
    method,
    // Many clients name the content type also where there is no content.
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const json: unknown = await response.json();
  if (!response.ok) throw new ApiError(response.status, Value.Parse(Fault, json));
  return Value.Parse(answer, json);
}
