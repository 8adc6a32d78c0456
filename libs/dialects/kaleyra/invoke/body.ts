// What an invocation says: who is to be reached by each channel of the flow, and the templates' words.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  STEP_COUNT_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
  TEXT_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import { givenParser } from "#libs/json/parse-given.ts";

const strict = { additionalProperties: false };

const Send = Type.Object(
  {
    recipient: Type.String({ minLength: 1, maxLength: ADDRESS_LENGTH_MAX }),
    // By the names of the template's variables.
    templateParams: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: TEXT_LENGTH_MAX }), {
        maxProperties: TEMPLATE_PARAMETER_COUNT_MAX,
      }),
    ),
  },
  strict,
);

const InvokeBody = Type.Object(
  {
    requestId: Type.Optional(Type.String({ minLength: 1, maxLength: CLIENT_ID_LENGTH_MAX })),
    // `send1` is the first channel, `send2` the second; which there are is the flow's to say.
    input: Type.Record(Type.String(), Send, { maxProperties: STEP_COUNT_MAX }),
  },
  strict,
);

export type SendBody = Static<typeof Send>;
export type InvokeBody = Static<typeof InvokeBody>;

export const parseInvokeBody = givenParser(InvokeBody);
