// What a list of messages may be asked for, and which messages that means.
import { type Static, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { isKnownAs } from "../../../messages/known-ids.ts";

export const PHASES = ["SCHEDULED", "RUNNING", "ENDED"] as const;
export const OUTCOMES = [
  "SUCCEEDED",
  "EXHAUSTED",
  "UNCONFIRMED",
  "EXPIRED",
  "CANCELED",
  "REJECTED",
] as const;
const PURPOSES = ["OTP", "TRANSACTIONAL", "SERVICE", "MARKETING"] as const;

const PAGE_COUNT_MAX = 200;
const PAGE_COUNT_DEFAULT = 50;

const Id = Type.String({ minLength: 1, maxLength: 256 });
const instant = (description: string) =>
  Type.Optional(Type.String({ format: "date-time", description }));

export const ListQuery = Type.Object(
  {
    phase: Type.Optional(Type.Enum(PHASES)),
    outcome: Type.Optional(Type.Enum(OUTCOMES)),
    channel: Type.Optional(Type.Enum(channels, { description: "An attempt was made on it." })),
    flowId: Type.Optional(Id),
    purpose: Type.Optional(Type.Enum(PURPOSES)),
    clientMessageId: Type.Optional(Id),
    batchId: Type.Optional(Id),
    knownAs: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          "An id that its client or a carrier has for it: `clientMessageId`, a UUID of Vonage's, a carrier's own, or one of its batch or flow.",
      }),
    ),
    duplicate: Type.Optional(Type.Boolean({ description: "Two attempts reached the recipient." })),
    from: instant("Requested at this instant or later."),
    to: instant("Requested at this instant or earlier."),
    limit: Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_DEFAULT }),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 400,
        description: "`nextCursor` of the page before; every other parameter as it was there.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type ListQuery = Static<typeof ListQuery>;

/** Whether a message is one of those that the query asks for, its instants aside. */
export function isAskedFor(query: ListQuery, message: KnownMessage): boolean {
  const { channel, knownAs } = query;
  if (channel !== undefined && !triedChannels(message).includes(channel)) return false;
  if (knownAs !== undefined && !isKnownAs(knownAs, message)) return false;
  return FIELDS.every((field) => isMet(query[field], valueOf(message)[field]));
}

const FIELDS = [
  "phase",
  "outcome",
  "flowId",
  "purpose",
  "clientMessageId",
  "batchId",
  "duplicate",
] as const;

function valueOf({ entry: { state }, request }: KnownMessage) {
  const { phase, outcome, duplicate } = state;
  const { flowId, purpose, clientMessageId, batchId } = request;
  return { phase, outcome, duplicate, flowId, purpose, clientMessageId, batchId };
}

function isMet(wanted: string | boolean | undefined, value: string | boolean | null): boolean {
  return wanted === undefined || wanted === value;
}

function triedChannels({ entry: { state } }: KnownMessage): (string | undefined)[] {
  return state.attempts.map((_, index) => state.steps[index]?.channel);
}
