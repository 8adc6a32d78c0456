// A message's story in the document, as `libs/story` tells it.
import { Type } from "typebox";
import { Instant, strict } from "../openapi/answers.ts";
import { channel, count, instant, text } from "./optional-members.ts";

export const Charge = Type.Object(
  {
    amountMicros: Type.Optional(
      Type.Integer({ description: "Of the whole attempt, in 1/1,000,000 of the currency." }),
    ),
    currency: Type.Optional(Type.String({ description: "ISO 4217." })),
    isBillable: Type.Optional(Type.Boolean({ description: "Whether it is charged for at all." })),
    category: Type.Optional(Type.String({ description: "The provider's own." })),
    network: Type.Optional(Type.String({ description: "MCC and MNC of the person's network." })),
  },
  { ...strict, title: "Charge", description: "What the provider says of its price." },
);

const Route = Type.Object(
  {
    connection: Type.Optional(
      Type.String({ description: "The one that answered; `*/main` is the operator's." }),
    ),
    refusals: Type.Array(
      Type.Object(
        { connection: Type.String(), errorCode: text, errorClass: text, errorText: text },
        strict,
      ),
      { description: "Those that were asked before, in order." },
    ),
  },
  {
    ...strict,
    title: "Route",
    description: "By which of the connections that the account may use it went.",
  },
);

const StoryEvent = Type.Object(
  {
    at: Instant,
    type: Type.String(),
    rule: Type.String({ description: "The rule that decided it." }),
    attemptIndex: count,
    channel,
    status: text,
    errorCode: text,
    errorClass: text,
    detail: text,
    faults: Type.Optional(
      Type.Array(
        Type.Object({ code: Type.String(), path: Type.String(), detail: Type.String() }, strict),
        { description: "All that stood against a rejected request, the gravest first." },
      ),
    ),
    dueAt: instant,
    outcome: text,
    revision: count,
    duplicate: Type.Optional(Type.Boolean()),
    charge: Type.Optional(Charge),
    route: Type.Optional(Route),
    text: Type.String({ description: "The event in a sentence." }),
  },
  { ...strict, title: "StoryEvent" },
);

export const Story = Type.Array(StoryEvent, {
  description: "Everything that was decided, and why.",
});
