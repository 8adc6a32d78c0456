// What a provider's code leads to, where an account wants it otherwise.
import { type Static, Type } from "typebox";
import { ChannelName, strict } from "./members.ts";

/** Short enough for a name to hold provider, channel and code. */
const CODE = "^[A-Za-z0-9._-]{1,30}$";

export const CodeRuleBody = Type.Object(
  {
    provider: Type.String({
      pattern: "^[a-z0-9-]{1,20}$",
      description: "Whose code it is: `twilio`, `simulated-sms`.",
    }),
    // Absent: on each of its channels.
    channel: Type.Optional(ChannelName),
    code: Type.String({ pattern: CODE, description: "The provider's own, as stories show it." }),
    leadsTo: Type.Enum(["NEXT", "STOP", "RETRY"], {
      description:
        "NEXT: the next step at once. STOP: no further step. RETRY: an answer to a call with this code is tried again within the step's wait.",
    }),
  },
  strict,
);

export type CodeRule = Static<typeof CodeRuleBody>;
