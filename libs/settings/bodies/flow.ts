// Flows: the steps that messages take which name none themselves.
import { type Static, Type } from "typebox";
import {
  SETTING_NAME_LENGTH_MAX,
  STEP_COUNT_MAX,
  WAIT_SECONDS_MAX,
} from "#libs/contracts/limits.ts";
import { ChannelName, Instant, Sender, strict, Title, TTL_SECONDS } from "./members.ts";

/** Older versions are forgotten; running messages keep their own steps. */
export const VERSION_COUNT_MAX = 50;
const FlowStepBody = Type.Object(
  {
    channel: ChannelName,
    sender: Type.Optional(Sender),
    // Absent: the account's default, none for the last step. null: only a report ends the step.
    waitSeconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: WAIT_SECONDS_MAX }), Type.Null()]),
    ),
    wanted: Type.Enum(["ACCEPTED", "SENT", "DELIVERED", "READ"], { default: "DELIVERED" }),
    onFailure: Type.Enum(["NEXT", "STOP"], { default: "NEXT" }),
    ttlSeconds: Type.Optional(Type.Integer(TTL_SECONDS)),
    template: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: SETTING_NAME_LENGTH_MAX,
        description:
          "The template that an invocation by Kaleyra's API fills, by its id. Other requests bring what they say.",
      }),
    ),
  },
  strict,
);

const Steps = Type.Array(FlowStepBody, { minItems: 1, maxItems: STEP_COUNT_MAX });

/** What a caller says of a flow: it becomes the draft. */
export const FlowDraft = Type.Object({ name: Type.Optional(Title), steps: Steps }, strict);

export const FlowBody = Type.Object(
  {
    name: Type.Optional(Title),
    draft: Type.Optional(Type.Object({ steps: Steps }, strict)),
    // The version that new messages get; absent: none may start.
    published: Type.Optional(Type.Integer({ minimum: 1 })),
    versions: Type.Array(
      Type.Object(
        { version: Type.Integer({ minimum: 1 }), steps: Steps, publishedAt: Instant },
        strict,
      ),
      { maxItems: VERSION_COUNT_MAX },
    ),
  },
  strict,
);

export type FlowStepSetting = Static<typeof FlowStepBody>;
export type FlowSetting = Static<typeof FlowBody>;
