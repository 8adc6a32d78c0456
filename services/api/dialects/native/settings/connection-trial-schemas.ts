// What the routes that try a connection take and answer.
import { type Static, Type } from "typebox";
import { ADDRESS_LENGTH_MAX, TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { ChannelName, Sender } from "#libs/settings/bodies/members.ts";
import { strict } from "../openapi/answers.ts";
import type { ConnectionOwner } from "./connection-schemas.ts";
import { CHANGING } from "./refusals.ts";
import { adminOperation, namedParams } from "./schemas.ts";

const Headers = Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 5_000 }), {
  maxProperties: 50,
});
const Body = Type.Unknown({ description: "A text as it is, or JSON." });

const Message = Type.Object(
  {
    to: Type.String({
      minLength: 1,
      maxLength: ADDRESS_LENGTH_MAX,
      default: "+6599990000",
      description: "A number in E.164, or a person's id on the channel.",
    }),
    from: Type.Optional(Sender),
    text: Type.String({ maxLength: TEXT_LENGTH_MAX, default: "Hello" }),
    channel: Type.Optional(ChannelName),
    ttlSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_592_000 })),
  },
  { ...strict, default: {} },
);

const Answer = Type.Object(
  {
    status: Type.Integer({ minimum: 100, maximum: 599 }),
    headers: Type.Optional(Headers),
    body: Type.Optional(Body),
  },
  strict,
);

const Receipt = Type.Object(
  {
    headers: Type.Optional(Headers),
    query: Type.Optional(
      Type.String({ maxLength: 5_000, description: "Without its question mark." }),
    ),
    body: Type.Optional(Body),
    peerAddress: Type.Optional(Type.String({ maxLength: 50, description: "Who posts it." })),
  },
  strict,
);

const DryRun = Type.Object(
  { message: Message, answer: Type.Optional(Answer), receipt: Type.Optional(Receipt) },
  {
    ...strict,
    examples: [
      {
        message: { to: "+6599990000", from: "ACME", text: "Hello" },
        answer: { status: 202, body: { id: "g-1" } },
        receipt: { headers: { "x-token": "guess" }, body: { id: "g-1", status: "DELIVRD" } },
      },
    ],
  },
);

const Call = Type.Object({
  method: Type.String(),
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
});
const open = { additionalProperties: true };

const DryRunAnswer = Type.Object(
  {
    requests: Type.Array(Call, {
      description: "What would be called, in order; what is secret is `***`.",
    }),
    answer: Type.Optional(
      Type.Object(
        { type: Type.String() },
        {
          ...open,
          description: "What the given answer means to the dispatcher, or why nothing is called.",
        },
      ),
    ),
    receipt: Type.Optional(
      Type.Object(
        {
          isProven: Type.Boolean({ description: "Else the receipt-bridge answers 401." }),
          reports: Type.Array(Type.Object({ status: Type.String() }, open)),
          oddities: Type.Array(Type.String()),
        },
        { description: "What the given receipt means to the receipt-bridge." },
      ),
    ),
  },
  {
    title: "DryRun",
    examples: [
      {
        requests: [
          {
            method: "POST",
            url: "https://gateway.example.com/messages",
            headers: { authorization: "Bearer ***", "content-type": "application/json" },
            body: '{"to":"6599990000","text":"Hello"}',
          },
        ],
        answer: { type: "accepted", providerMessageId: "g-1" },
        receipt: { isProven: false, reports: [], oddities: [] },
      },
    ],
  },
);

const Test = Type.Object(
  {
    state: Type.Enum(["works", "refused", "unclear", "unreachable", "not-possible"]),
    words: Type.String(),
  },
  {
    title: "ConnectionTest",
    examples: [{ state: "refused", words: "The provider refuses the credentials (HTTP 401)." }],
  },
);

export type DryRun = Static<typeof DryRun>;

/** The same for connections of accounts and of the operator; only the words and the path differ. */
export function trialSchemas({ tag, noun, words, params }: ConnectionOwner) {
  const operation = (verb: string, summary: string) =>
    adminOperation(tag, `${verb}${noun}`, summary);
  const item = { params: Type.Object({ ...params, ...namedParams("gateway").properties }) };
  return {
    dryRun: {
      ...operation("dryRun", `Show what ${words.one} would call, and call nobody`),
      ...item,
      body: DryRun,
      response: { 200: DryRunAnswer },
      problems: CHANGING,
    },
    test: {
      ...operation("test", `Ask the provider of ${words.one} whether it is good, and send nothing`),
      ...item,
      response: { 200: Test },
      problems: CHANGING,
    },
  };
}
