// The HTTP listener: the request log, metrics, and the dialects that are plugged in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BODY_BYTES_MAX } from "#libs/contracts/limits.ts";
import { createListener } from "#libs/http/create-listener.ts";
import { JSON_TYPE } from "#libs/http/json-type.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { ApiDeps } from "./api-deps.ts";
import { ownerOf, serveDialects } from "./dialects/api-dialects.ts";
import { answerError } from "./http/answer.ts";
import { checkRate } from "./http/check-rate.ts";
import { tellWarnings } from "./http/warnings.ts";
import { requestSeconds } from "./metrics.ts";

/** `isLoopbackOnly`: serve those only who ask for this machine by its own names. */
type ServerOptions = { isLoopbackOnly: boolean };

/** The server with every route, not yet listening. What goes wrong is told by its path's owner. */
export function createServer(deps: ApiDeps, { isLoopbackOnly }: ServerOptions): FastifyInstance {
  const { log } = deps;
  const server = createListener({
    bodyBytesMax: BODY_BYTES_MAX,
    isLoopbackOnly,
    answer: (error, request, reply) =>
      answerError(error, { request, reply, log }, ownerOf(placeOf(request))),
    describe: (fault, url) => {
      const { type = JSON_TYPE, body } = ownerOf(url).answerTo(fault);
      return { type, body: JSON.stringify(body) };
    },
  });
  server.decorateRequest("apiKey", null);
  server.decorateRequest("account", null);
  tellWarnings(server);
  server.addHook("onResponse", async (request, reply) => observe(request, reply, log));
  // Once it is known who asks, before the body is read.
  server.addHook("preParsing", async (request) => checkRate(request, deps));
  serveDialects(server, deps);
  return server;
}

/** Where its route stands, which need not be what was asked for: `POST *` is one to `/`. */
function placeOf({ routeOptions, url }: FastifyRequest): string {
  return routeOptions.url ?? url;
}

/** Successes are logged at debug: at thousands of requests a second the metric tells more. */
function observe(request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const { method, routeOptions, apiKey } = request;
  const route = routeOptions.url ?? "none";
  const { statusCode: status, elapsedTime } = reply;
  requestSeconds.observe({ method, route, status }, elapsedTime / 1000);
  const ms = Math.round(elapsedTime);
  const level = status < 400 ? "debug" : "info";
  log[level]({ method, route, status, ms, accountId: apiKey?.accountId }, "answered");
}
