// The document of `POST /rehearsals`; its handler reads the body with the same schema.
import { Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { strict } from "../openapi/answers.ts";
import { RehearsalBody } from "./rehearsal-body.ts";

const Assumed = Type.Array(
  Type.Object({ step: Type.Integer(), channel: Type.Enum(channels), behaviour: Type.String() }),
);

const Rehearsal = Type.Object({
  behaviours: Assumed,
  outcome: Type.String(),
  channel: Type.Optional(Type.Enum(channels, { description: "The one that got through." })),
  duplicate: Type.Boolean(),
  durationMs: Type.Integer({ description: "From the first step until the first outcome." }),
  duplicateRisk: Type.Enum(["none", "possible", "certain"]),
  duplicateReason: Type.Optional(Type.String()),
  attempts: Type.Array(Type.Object({ attemptIndex: Type.Integer(), callCount: Type.Integer() })),
  story: Type.Array(Type.Object({ afterMs: Type.Integer(), text: Type.String() })),
});

const Answer = Type.Object(
  {
    rehearsals: Type.Array(Rehearsal, { description: "Of several, an example of each ending." }),
    summary: Type.Optional(
      Type.Object(
        { rehearsalCount: Type.Integer(), endings: Type.Array(Type.Object({})) },
        { description: "Of several: how often each ending comes, and what is worst." },
      ),
    ),
    warnings: Type.Array(Type.Object({ code: Type.String(), detail: Type.String() })),
  },
  {
    ...strict,
    description: "How it would go.",
    examples: [
      {
        rehearsals: [
          {
            behaviours: [{ step: 0, channel: "sms", behaviour: "delivered" }],
            outcome: "SUCCEEDED",
            channel: "sms",
            duplicate: false,
            durationMs: 3_000,
            duplicateRisk: "none",
            attempts: [{ attemptIndex: 0, channel: "sms", status: "DELIVERED", callCount: 1 }],
            story: [{ afterMs: 3_000, type: "MESSAGE_ENDED", text: "Succeeded by SMS." }],
          },
        ],
        warnings: [],
      },
    ],
  },
);

const flow = { steps: [{ channel: "whatsapp", waitSeconds: 60 }, { channel: "sms" }] };

export const rehearse = {
  operationId: "rehearse",
  summary: "How a flow or a message would go; nothing is sent",
  tags: ["Rehearsals"],
  body: {
    ...RehearsalBody,
    examples: [
      { flow: { steps: [{ channel: "sms" }] }, behaviours: { sms: "delivered" } },
      { flow, behaviours: "all" },
    ],
  },
  response: { 200: Answer },
};
