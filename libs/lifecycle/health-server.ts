// What an orchestrator and Prometheus ask of every process.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { registry } from "#libs/telemetry/metrics.ts";

type HealthOptions = { host: string; port: number; isReady: () => boolean };

/**
 * Serves `/healthz` (200 while the process turns), `/readyz` (200 when `isReady`, else 503) and
 * `/metrics`. Rejects when the port is taken.
 */
export async function serveHealth(options: HealthOptions): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://health").pathname;
    if (path === "/healthz") return answer(response, 200, "ok\n");
    if (path === "/readyz") {
      return options.isReady()
        ? answer(response, 200, "ready\n")
        : answer(response, 503, "not ready\n");
    }
    if (path === "/metrics") return void answerMetrics(response);
    return answer(response, 404, "not found\n");
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answerMetrics(response: ServerResponse): Promise<void> {
  try {
    answer(response, 200, await registry.metrics(), registry.contentType);
  } catch (error) {
    answer(response, 500, `${String(error)}\n`);
  }
}

function answer(response: ServerResponse, status: number, body: string, type = "text/plain"): void {
  response.writeHead(status, { "content-type": type }).end(body);
}
