// The api's server without Kafka and Redis behind it: what it accepts, what it logs, what it answers.
import type { InjectOptions } from "fastify";
import type { SendRequestInit } from "#libs/contracts/generated/types.ts";
import type { Headers } from "#libs/kafka/ports.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { createServer } from "#services/api/server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { noCaps, noRates } from "#test/support/no-caps.ts";
import { noLetters } from "#test/support/no-letters.ts";
import { noProviders } from "#test/support/no-providers.ts";
import { noWebhooks } from "#test/support/no-webhooks.ts";

export function startApiServer(deps: Partial<ApiDeps> = {}, serving = { isLoopbackOnly: false }) {
  const accepted: { request: SendRequestInit; headers: Headers }[] = [];
  const logged: string[] = [];
  const server = createServer(
    {
      settings: demoView(),
      writer: { change: () => Promise.reject(new Error("Nothing is changed here.")) },
      accept: async (requests, headers) => {
        accepted.push(...requests.map((request) => ({ request, headers })));
        return [];
      },
      caps: noCaps,
      keyRates: noRates,
      cancel: async () => [],
      find: async () => null,
      list: async () => ({ messages: [], next: null }),
      ...noWebhooks,
      deadLetters: noLetters,
      ...noProviders,
      idempotencyKeys: { find: async () => null, claim: async () => null },
      signatureNonces: { claim: async () => true },
      log: createLog("api", "debug", { write: (line) => void logged.push(line) }),
      ...deps,
    },
    serving,
  );
  return {
    accepted,
    logged,
    request: (options: InjectOptions) => server.inject(options),
    /** Its routes as a tree, a piece of a path each line. */
    tree: async () => {
      await server.ready();
      return server.printRoutes({ commonPrefix: false });
    },
  };
}
