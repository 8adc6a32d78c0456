// Real HTTP providers for every channel, whose behaviour the recipient's digits choose.

import { isLoopback } from "#libs/config/demo-keys.ts";
import { REQUEST_BYTES_MAX } from "#libs/contracts/limits.ts";
import { createListener } from "#libs/http/create-listener.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
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
  const { receiptUrl, receiptSecret: secret } = config;
  const receipts = receiptSender({ receiptUrl, secret, log });
  const app = createListener({
    bodyBytesMax: REQUEST_BYTES_MAX,
    isLoopbackOnly: isLoopback(config.host),
    answer: plainProblem(log),
    describe: describePlainly,
  });
  const deps = { sent: sentLog(), receipts, timeScale: config.timeScale, now: Date.now };
  await app.register(carrierRoutes(deps));
  const address = await app.listen({ host: config.host, port: config.port });
  log.info({ address, receiptUrl }, "simulated carriers take calls");
  return {
    whyNotReady: () => (app.server.listening ? [] : ["The port is not open."]),
    async [Symbol.asyncDispose]() {
      await app.close();
      await receipts[Symbol.asyncDispose]();
    },
  };
}
