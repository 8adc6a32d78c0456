// The simulated carriers' HTTP surface.
import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { sendList } from "#libs/http/json-list.ts";
import { CarrierCall } from "#libs/providers/simulated/wire.ts";
import { type CarrierDeps, takeCall } from "./carrier.ts";

const ChannelParams = Type.Object({
  channel: Type.Union(channels.map((name) => Type.Literal(name))),
});
const SentQuery = Type.Object({ recipient: Type.Optional(Type.String()) });

/** `POST /carriers/<channel>/messages` and `GET /sent?recipient=`. */
export function carrierRoutes(deps: CarrierDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    const schema = { params: ChannelParams, body: CarrierCall };
    app.post("/carriers/:channel/messages", { schema }, (request, reply) => {
      const answer = takeCall(request.params.channel, request.body, deps);
      switch (answer.type) {
        case "accepted":
          return reply.send({ providerMessageId: answer.providerMessageId });
        case "refused":
          return reply.code(answer.refusal.temporary ? 429 : 400).send(answer.refusal);
        case "cut":
          reply.hijack();
          request.raw.socket.destroy();
          return reply;
      }
    });
    app.get("/sent", { schema: { querystring: SentQuery } }, (request, reply) =>
      sendList(reply, deps.sent.list(request.query.recipient), { before: "[", after: "]" }),
    );
    done();
  };
}
