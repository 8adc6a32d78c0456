import fastify, { type FastifyInstance } from "fastify";
import type { Log } from "#libs/telemetry/log.ts";
import { answerUnknownPath, problemAnswer } from "./problems.ts";
import { type ReceiptDeps, receiptRoutes } from "./routes.ts";

const BODY_BYTES_MAX = 256 * 1024;

/** The HTTP server of the receipt-bridge, not yet listening. */
export async function receiptServer(deps: ReceiptDeps & { log: Log }): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: BODY_BYTES_MAX });
  app.setErrorHandler(problemAnswer(deps.log));
  app.setNotFoundHandler(answerUnknownPath);
  await app.register(receiptRoutes(deps));
  return app;
}
