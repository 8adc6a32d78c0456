// The HTTP listener: limits, the request log, metrics, and the dialects that are plugged in.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { BODY_BYTES_MAX } from "#libs/contracts/limits.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { ApiDeps } from "./api-deps.ts";
import { checkShape } from "./json-shape.ts";
import { requestSeconds } from "./metrics.ts";
import { answerRefusal, eightByEightRoutes } from "./routes/8x8/routes.ts";
import { answerProblem, Problem } from "./routes/native/problem.ts";
import { nativeRoutes } from "./routes/native/routes.ts";

/** A client that needs longer is not sending: even a batch of 16 MiB needs no more than 9 Mbit/s. */
const REQUEST_TIMEOUT_MS = 15_000;

const EIGHT_BY_EIGHT = "/api/v1";

/** A message id of 256 characters, as it is written in a path: those of Kafka may be anything. */
const PARAM_LENGTH_MAX = 256 * 9;

/** The server with every route, not yet listening. */
export function createServer(deps: ApiDeps): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    // Requests that came before the listener closed are answered; afterwards nobody listens.
    return503OnClosing: false,
    // A path that cannot be decoded has no route, and so no dialect but by its first letters.
    frameworkErrors: (error, request, reply) => {
      if (request.url.startsWith(EIGHT_BY_EIGHT)) answerRefusal(error, { request, reply, deps });
      else answerProblem(error, request, reply, deps.log);
    },
  });
  server.decorateRequest("apiKey", null);
  server.decorateRequest("account", null);
  server.addHook("preValidation", async ({ body }) => checkShape(body));
  server.addHook("onResponse", async (request, reply) => observe(request, reply, deps.log));
  server.setNotFoundHandler(() => {
    throw new Problem("not-found", "There is no such path.");
  });
  server.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, deps.log));
  server.register(eightByEightRoutes(deps));
  server.register(nativeRoutes(deps), { prefix: "/ft/v1" });
  return server;
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
