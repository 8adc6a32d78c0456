// Real HTTP providers for every channel, whose behaviour the recipient's digits choose.
import fastify from "fastify";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { type Config, readConfig } from "./config.ts";
import { receiptSender } from "./receipt-sender.ts";
import { carrierRoutes } from "./routes.ts";
import { sentLog } from "./sent-log.ts";

export const carrierSimulator: ServiceDefinition<Config> = {
  name: "carrier-simulator",
  readConfig,
  start,
};

async function start(config: Config, { log }: ServiceContext): Promise<RunningService> {
  const receipts = receiptSender({ receiptUrl: config.receiptUrl, log });
  const app = fastify();
  const deps = { sent: sentLog(), receipts, timeScale: config.timeScale, now: Date.now };
  await app.register(carrierRoutes(deps));
  const address = await app.listen({ host: config.host, port: config.port });
  log.info({ address, receiptUrl: config.receiptUrl }, "simulated carriers take calls");
  return {
    isReady: () => app.server.listening,
    async [Symbol.asyncDispose]() {
      await app.close();
      await receipts[Symbol.asyncDispose]();
    },
  };
}
