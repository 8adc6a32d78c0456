// What a rehearsal is asked with, as it is checked and as the documents show it.
import { type Static, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { dialectNames } from "#libs/dialects/names.ts";
import { behaviours } from "#libs/providers/simulated/behaviour.ts";
import { FlowDraft } from "#libs/settings/bodies/flow.ts";
import { SETTING_NAME } from "#libs/settings/bodies/members.ts";

const strict = { additionalProperties: false };

/** A channel, or a step of the ten that there may be. */
const PLACES = [...channels, ...Array.from({ length: 10 }, (_, index) => String(index))];
const Assumed = Type.Optional(Type.Enum(behaviours));

const Behaviours = Type.Union(
  [
    Type.Literal("all"),
    Type.Object(Object.fromEntries(PLACES.map((place) => [place, Assumed])), strict),
  ],
  {
    default: "all",
    description:
      "What is assumed of a channel, or of a step by its 0-based index, which wins. A step of which nothing is assumed is played with every essential behaviour.",
  },
);

const ONE_OF = "Exactly one of message, flow and flowId, or a message with the flowId of its path.";

export const RehearsalBody = Type.Object(
  {
    dialect: Type.Enum(dialectNames, {
      default: "native",
      description:
        "Whose words `message` is in. A vendor's request is given as it would be sent, of a batch its first message counts.",
    }),
    // Its members are checked as those of a message that is sent.
    message: Type.Optional(
      Type.Object({}, { description: "As for POST /messages, or the dialect's; it is not sent." }),
    ),
    // Made anew: a copy of a schema's members would not fill defaults in.
    flow: Type.Optional(
      Type.Object(FlowDraft.properties, {
        ...strict,
        description: "Steps as a flow has them, saved or not.",
      }),
    ),
    flowId: Type.Optional(
      Type.String({
        pattern: SETTING_NAME.source,
        description:
          "A published flow; beside a message that Kaleyra's API would take, the workflow instance of its path.",
      }),
    ),
    behaviours: Behaviours,
  },
  { ...strict, description: ONE_OF },
);
export type RehearsalBody = Static<typeof RehearsalBody>;

/** As it comes: a flow may be in a vendor's words, as in a settings file. */
export const GivenRehearsalBody = Type.Object(
  {
    ...RehearsalBody.properties,
    flow: Type.Optional(
      Type.Union([
        RehearsalBody.properties.flow,
        Type.Object(
          { dialect: Type.Enum(dialectNames) },
          { description: "A flow in the words of a vendor that has flows." },
        ),
      ]),
    ),
  },
  { ...strict, description: ONE_OF },
);
