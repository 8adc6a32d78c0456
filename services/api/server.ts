// The HTTP listener: the request log, metrics, and the dialects that are plugged in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BODY_BYTES_MAX } from "#libs/contracts/limits.ts";
import { createListener } from "#libs/http/create-listener.ts";
import type { HttpFault } from "#libs/http/http-fault.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { ApiDeps } from "./api-deps.ts";
import { answerRefusal, describeRefusal, eightByEightRoutes } from "./dialects/8x8/routes.ts";
import { answerProblem, describeProblem } from "./dialects/native/problem.ts";
import { nativeRoutes } from "./dialects/native/routes.ts";
import { requestSeconds } from "./metrics.ts";

const EIGHT_BY_EIGHT = "/api/v1";

/** `isLoopbackOnly`: serve those only who ask for this machine by its own names. */
type ServerOptions = { isLoopbackOnly: boolean };

/** The server with every route, not yet listening. What goes wrong is told in its path's dialect. */
export function createServer(deps: ApiDeps, { isLoopbackOnly }: ServerOptions): FastifyInstance {
  const { log } = deps;
  const server = createListener({
    bodyBytesMax: BODY_BYTES_MAX,
    isLoopbackOnly,
    answer: (error, request, reply) =>
      isEightByEight(request.url)
        ? answerRefusal(error, { request, reply, deps })
        : answerProblem(error, request, reply, log),
    describe: (fault: HttpFault, url: string) =>
      isEightByEight(url) ? describeRefusal(fault) : describeProblem(fault),
  });
  server.decorateRequest("apiKey", null);
  server.decorateRequest("account", null);
  server.addHook("onResponse", async (request, reply) => observe(request, reply, log));
  server.register(eightByEightRoutes(deps));
  server.register(nativeRoutes(deps), { prefix: "/ft/v1" });
  return server;
}

/** A path that cannot be read has no route, and so no dialect but by its first letters. */
function isEightByEight(url: string): boolean {
  return url.startsWith(EIGHT_BY_EIGHT);
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
