// Every listener of the product is made here, so that what bounds one bounds all: whatever comes in,
// each request is answered in the words of its path, and none holds or ends the process.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { checkHost, checkLoopback } from "./check-host.ts";
import { HttpRefusal } from "./http-fault.ts";
import { createHttpServer, type DescribeFault } from "./http-server.ts";
import { readJsonBodies } from "./json-bodies.ts";
import { listenerLimits } from "./listener-limits.ts";

export type ListenerOptions = {
  /** Of routes that say nothing else. */
  bodyBytesMax: number;
  /** Serve those only who ask for this machine by its own names. */
  isLoopbackOnly: boolean;
  /** Answers whatever goes wrong while a request is served. */
  answer: (
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => FastifyReply | Promise<FastifyReply>;
  /** The same where there is no request yet: bytes that are none, or came too slowly. */
  describe: DescribeFault;
};

/** A server without routes, not yet listening. Bodies are JSON; an unknown path is a fault with 404. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const { bodyBytesMax, isLoopbackOnly, answer, describe } = options;
  const server = fastify({
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: listenerLimits.pathPartLengthMax },
    serverFactory: (handle) => createHttpServer(handle, describe),
    // The server of `serverFactory` has answered.
    clientErrorHandler: () => undefined,
    // Requests that came before the listener closed are answered; afterwards nobody listens.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answer(error, request, reply),
  });
  readJsonBodies(server);
  server.addHook("onRequest", async (request) => {
    checkHost(request);
    if (isLoopbackOnly) checkLoopback(request);
  });
  server.setErrorHandler(answer);
  server.setNotFoundHandler(() => {
    throw new HttpRefusal({ status: 404, advice: "there is no such path." });
  });
  return server;
}
