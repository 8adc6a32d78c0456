// What an orchestrator and Prometheus ask of every process.
import type { FastifyReply } from "fastify";
import { isLoopback } from "#libs/config/demo-keys.ts";
import { createListener } from "#libs/http/create-listener.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { registry } from "#libs/telemetry/metrics.ts";

type HealthOptions = {
  host: string;
  port: number;
  whyNotReady: () => readonly string[];
  /** Told beside readiness, which it does not change. */
  degraded: () => readonly string[];
  log: Log;
};

/** Nothing here takes a body. */
const BODY_BYTES_MAX = 1_024;

/**
 * Serves `/healthz` (200 while the process turns), `/readyz` (200, or 503 with a line for each reason; what is degraded
 * beside either)
 * and `/metrics`. Rejects when the port is taken.
 */
export async function serveHealth(options: HealthOptions): Promise<AsyncDisposable> {
  const { host, port, whyNotReady, degraded, log } = options;
  const server = createListener({
    bodyBytesMax: BODY_BYTES_MAX,
    isLoopbackOnly: isLoopback(host),
    answer: plainProblem(log),
    describe: describePlainly,
  });
  server.get("/healthz", async (_request, reply) => answer(reply, 200, "ok\n"));
  server.get("/readyz", async (_request, reply) =>
    answerReadiness(reply, whyNotReady(), degraded()),
  );
  server.get("/metrics", async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
  await server.listen({ host, port });
  return { [Symbol.asyncDispose]: () => server.close() };
}

function answerReadiness(
  reply: FastifyReply,
  reasons: readonly string[],
  degraded: readonly string[],
): FastifyReply {
  const told = degraded.length === 0 ? [] : ["degraded", ...listed(degraded)];
  const isReady = reasons.length === 0;
  const lines = isReady ? ["ready", ...told] : ["not ready", ...listed(reasons), ...told];
  return answer(reply, isReady ? 200 : 503, [...lines, ""].join("\n"));
}

function listed(sentences: readonly string[]): string[] {
  return sentences.map((each) => `- ${each}`);
}

function answer(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.status(status).type("text/plain").send(body);
}
