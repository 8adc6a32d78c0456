import type { FastifyInstance } from "fastify";
import { createListener } from "#libs/http/create-listener.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { type ReceiptDeps, receiptRoutes } from "./routes.ts";

const BODY_BYTES_MAX = 256 * 1024;

/** The HTTP server of the receipt-bridge, not yet listening. */
export async function receiptServer(deps: ReceiptDeps & { log: Log }): Promise<FastifyInstance> {
  const app = createListener({
    bodyBytesMax: BODY_BYTES_MAX,
    // Whoever posts proves who they are.
    isLoopbackOnly: false,
    answer: plainProblem(deps.log),
    describe: describePlainly,
  });
  await app.register(receiptRoutes(deps));
  return app;
}
