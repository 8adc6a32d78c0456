// The simulated carriers' HTTP surface.
import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { sendList } from "#libs/http/json-list.ts";
import { CarrierCall } from "#libs/providers/simulated/wire.ts";
import { type CarrierDeps, takeBack, takeCall } from "./carrier.ts";

const ChannelParams = Type.Object({
  channel: Type.Union(channels.map((name) => Type.Literal(name))),
});
const SentQuery = Type.Object({ recipient: Type.Optional(Type.String()) });

const toTakeBack = {
  params: Type.Object({ ...ChannelParams.properties, commandId: Type.String() }),
};
const STATUS_OF = { revoked: 200, delivered: 409, unknown: 404 } as const;

/** `POST /carriers/<channel>/messages`, `DELETE` of one by its commandId, and `GET /sent?recipient=`. */
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
    app.delete(
      "/carriers/:channel/messages/:commandId",
      { schema: toTakeBack },
      (request, reply) => {
        const { channel, commandId } = request.params;
        const outcome = takeBack(channel, commandId, deps);
        return reply.code(STATUS_OF[outcome]).send({ outcome });
      },
    );
    app.get("/sent", { schema: { querystring: SentQuery } }, (request, reply) =>
      sendList(reply, deps.sent.list(request.query.recipient), { before: "[", after: "]" }),
    );
    done();
  };
}
