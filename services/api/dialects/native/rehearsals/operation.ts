// The document of `POST /rehearsals`; its handler reads the body with the same schema.
import { SEND_REFUSALS } from "../messages/send-refusals.ts";
import { RehearsalBody } from "./rehearsal-body.ts";
import { RehearsalAnswer } from "./rehearsal-schemas.ts";

const [whatsapp, viber, rcs, sms] = ["whatsapp", "viber", "rcs", "sms"].map((channel) => ({
  channel,
  waitSeconds: 60,
}));
/** So many steps that not every combination of behaviours is played. */
const flow = { steps: [whatsapp, viber, rcs, sms] };

export const rehearse = {
  operationId: "rehearse",
  summary: "Rehearse a flow or a message; nothing is sent",
  tags: ["Rehearsals"],
  body: {
    ...RehearsalBody,
    examples: [
      { flow: { steps: [{ channel: "sms" }] }, behaviours: { sms: "delivered" } },
      { flow, behaviours: "all" },
    ],
  },
  response: { 200: RehearsalAnswer },
  problems: SEND_REFUSALS,
};
