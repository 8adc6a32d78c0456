import type { FastifyInstance } from "fastify";
import { createListener } from "#libs/http/create-listener.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import { type ReceiptDeps, receiptRoutes } from "./routes.ts";

/** The most that an unproven post can cost: so much is read and signed over before it is refused. */
const BODY_BYTES_MAX = 256 * 1024;

/** The HTTP server of the receipt-bridge, not yet listening. */
export function receiptServer(deps: ReceiptDeps): FastifyInstance {
  const app = createListener({
    bodyBytesMax: BODY_BYTES_MAX,
    // Whoever posts proves who they are.
    isLoopbackOnly: false,
    answer: plainProblem(deps.log),
    describe: describePlainly,
  });
  receiptRoutes(app, deps);
  return app;
}
