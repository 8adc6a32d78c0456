// The document of `POST /rehearsals`; its handler reads the body with the same schema.
import { SEND_REFUSALS } from "../messages/send-refusals.ts";
import { GivenRehearsalBody } from "./rehearsal-body.ts";
import { RehearsalAnswer } from "./rehearsal-schemas.ts";

const [whatsapp, viber, rcs, sms] = ["whatsapp", "viber", "rcs", "sms"].map((channel) => ({
  channel,
  waitSeconds: 60,
}));
/** So many steps that not every combination of behaviours is played. */
const flow = { steps: [whatsapp, viber, rcs, sms] };

/** A request as a client of 8x8 sends it. */
const eightByEight = {
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  user: { msisdn: "+6591234567" },
  type: "text",
  content: { text: "Your order is on its way." },
};

export const rehearse = {
  operationId: "rehearse",
  summary: "Rehearse a flow or a message; nothing is sent",
  tags: ["Rehearsals"],
  body: {
    ...GivenRehearsalBody,
    examples: [
      { flow: { steps: [{ channel: "sms" }] }, behaviours: { sms: "delivered" } },
      { flow, behaviours: "all" },
      { dialect: "8x8", message: eightByEight, behaviours: { whatsapp: "silent" } },
      { flow: { dialect: "8x8", channels: eightByEight.channels } },
    ],
  },
  response: { 200: RehearsalAnswer },
  problems: [...SEND_REFUSALS, "vendor-refusal"] as const,
};
