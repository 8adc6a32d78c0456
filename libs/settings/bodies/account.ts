// An account: what its messages are, unless they say otherwise.
import { Type } from "typebox";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { Name, strict, Title } from "./members.ts";

/** 8x8's advice for messages without a template TTL is to wait 120 to 300 s before the SMS. */
const WAIT_SECONDS_DEFAULT = 300;
/** As long as a request is not stale, so that a repeat never is either. */
const REPEATS_MINUTES_MAX = 24 * 60;

/** What may become of an SMS's text before it is judged: `libs/judgement/friendly-sms.ts`. */
export const smsTexts = ["gsm-friendly"] as const;
export const GSM_FRIENDLY =
  "Typographic quotes, dashes, blanks and dots of SMS are replaced, and invisible characters left out, where that makes the text GSM.";

export const AccountBody = Type.Object(
  {
    name: Title,
    // 8x8's generated clients refuse an account id of another length.
    guid: Type.String({ pattern: "^[0-9A-Fa-f-]{32,36}$" }),
    defaultFlow: Type.Optional(Name),
    defaultWaitSeconds: Type.Integer({
      minimum: 1,
      maximum: WAIT_SECONDS_MAX,
      default: WAIT_SECONDS_DEFAULT,
    }),
    smsSegmentsMax: Type.Integer({ minimum: 1, maximum: 10, default: 1 }),
    repeatsByClientMessageIdMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: REPEATS_MINUTES_MAX,
        description:
          "8x8's dialect: for so long a clientMessageId stands for one message. Absent: every send is one.",
      }),
    ),
    smsText: Type.Optional(
      Type.Enum(smsTexts, { description: `${GSM_FRIENDLY} Absent: SMS say what was given.` }),
    ),
  },
  strict,
);
