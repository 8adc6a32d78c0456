// What the native API takes, as it checks it and as its documents show it.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  NAME_LENGTH_MAX,
  REASON_LENGTH_MAX,
  STEP_COUNT_MAX,
  TTL_SECONDS_MAX,
  URL_LENGTH_MAX,
  WAIT_SECONDS_MAX,
} from "#libs/contracts/limits.ts";
import { channels } from "#libs/contracts/topics.ts";
import { BATCH_COUNT_MAX } from "#libs/dialects/batch-ids.ts";
import { GSM_FRIENDLY, smsTexts } from "#libs/settings/bodies/account.ts";
import { SETTING_NAME } from "#libs/settings/bodies/members.ts";
import { contentBody } from "./content-body.ts";

const strict = { additionalProperties: false };

const address = (description: string) =>
  Type.String({ minLength: 1, maxLength: ADDRESS_LENGTH_MAX, description });
const clientId = (description: string) =>
  Type.String({ minLength: 1, maxLength: CLIENT_ID_LENGTH_MAX, description });
const instant = (description: string) =>
  Type.String({
    maxLength: 40,
    description: `ISO 8601 date and time; UTC where it names no zone. ${description}`,
  });

const callbackUrl = (description: string) =>
  Type.String({ maxLength: URL_LENGTH_MAX, description });

const recipientMembers = {
  msisdn: Type.Optional(address("Number in E.164, or as it is dialled in `country`.")),
  country: Type.Optional(
    Type.String({ minLength: 2, maxLength: 2, description: "ISO 3166 code." }),
  ),
  channelUserIds: Type.Optional(
    Type.Object(
      {
        whatsapp: Type.Optional(address("The person's id on the channel.")),
        viber: Type.Optional(address("The person's id on the channel.")),
        rcs: Type.Optional(address("A number, as in `msisdn`: RCS knows no other ids.")),
        sms: Type.Optional(address("A number, as in `msisdn`: SMS know no other ids.")),
      },
      { ...strict, description: "The person's id on a channel, where there is no number." },
    ),
  ),
};
const recipientBody = (description: string) =>
  Type.Object(recipientMembers, { ...strict, title: "Recipient", description });

const StepBody = Type.Object(
  {
    channel: Type.Enum(channels),
    sender: Type.Optional(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })),
    waitSeconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: WAIT_SECONDS_MAX }), Type.Null()], {
        description:
          "Absent: the account's default, none for the last step. null: only a report ends the step.",
      }),
    ),
    wanted: Type.Enum(["ACCEPTED", "SENT", "DELIVERED", "READ"], {
      default: "DELIVERED",
      description: "What counts as success of the step.",
    }),
    onFailure: Type.Enum(["NEXT", "STOP"], {
      default: "NEXT",
      description: "What a failure leads to: the next step, or the end of the message.",
    }),
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: TTL_SECONDS_MAX,
        description: "How long the provider may go on trying.",
      }),
    ),
    content: Type.Optional(contentBody("What this step says instead of the message's content.")),
    recipient: Type.Optional(
      recipientBody("Where this step reaches the person instead of the message's recipient."),
    ),
    callbackUrl: Type.Optional(callbackUrl("Where this step's changes are posted instead.")),
    clientMessageId: Type.Optional(clientId("Your own id of this step; echoed instead.")),
  },
  { ...strict, title: "SendStep" },
);
export type StepBody = Static<typeof StepBody>;

export const SendBody = Type.Object(
  {
    recipient: recipientBody("Who is to be reached: at least one address."),
    content: contentBody("What is to be said."),
    steps: Type.Optional(
      Type.Array(StepBody, {
        minItems: 1,
        maxItems: STEP_COUNT_MAX,
        description: "Channels in order. Without them: `flowId`, else the account's default flow.",
      }),
    ),
    flowId: Type.Optional(
      Type.String({ pattern: SETTING_NAME.source, description: "A published flow." }),
    ),
    purpose: Type.Enum(["OTP", "TRANSACTIONAL", "SERVICE", "MARKETING"], {
      default: "TRANSACTIONAL",
    }),
    scheduledAt: Type.Optional(instant("Not before; 30 days ahead at most.")),
    expiresAt: Type.Optional(instant("No step starts after it.")),
    callbackUrl: Type.Optional(callbackUrl("Where this message's changes are posted.")),
    clientMessageId: Type.Optional(clientId("Your own id; echoed.")),
    lateReports: Type.Enum(["AMEND", "IGNORE"], {
      default: "AMEND",
      description: "Whether a success that is reported after the end amends the outcome.",
    }),
    smsText: Type.Optional(
      Type.Enum(smsTexts, { description: `${GSM_FRIENDLY} Absent: as the account says.` }),
    ),
    ttlPolicy: Type.Enum(["warn", "align", "reject", "match"], {
      default: "warn",
      description:
        "Where a channel goes on trying for longer than its step waits: `warn` tells it, `align` raises the wait, `reject` refuses the message, `match` sets the TTL to the wait, so that the carrier gives up when the step is left.",
    }),
  },
  { ...strict, title: "SendBody" },
);
export type SendBody = Static<typeof SendBody>;

/** A batch but for its messages: each of those is checked by itself, so that one spoils no other. */
export const BatchHead = Type.Object(
  {
    template: Type.Optional(
      Type.Partial(Type.Omit(SendBody, ["recipient"]), {
        ...strict,
        description: "What every message has that says nothing else itself.",
      }),
    ),
    clientBatchId: Type.Optional(clientId("Your own id of the batch; echoed.")),
  },
  strict,
);
export type BatchHead = Static<typeof BatchHead>;

export const BatchBody = Type.Object(
  {
    ...BatchHead.properties,
    messages: Type.Array(
      Type.Intersect([
        Type.Pick(SendBody, ["recipient"]),
        Type.Partial(Type.Omit(SendBody, ["recipient"])),
      ]),
      { minItems: 1, maxItems: BATCH_COUNT_MAX },
    ),
  },
  strict,
);

export const CancelBody = Type.Object(
  {
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: REASON_LENGTH_MAX,
        description: "Words for the message's story.",
      }),
    ),
  },
  { ...strict, default: {} },
);
