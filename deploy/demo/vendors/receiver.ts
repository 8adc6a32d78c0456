// Where the vendors' clients of the demonstration are told what became of their messages.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { printableValue } from "#libs/printable.ts";

export type Receiver = AsyncDisposable & {
  url: string;
  /** The bodies that came, in order. */
  told: unknown[];
};

/** On loopback: the product has to run on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const told: unknown[] = [];
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The receiver has no address.");
  return {
    url: `http://127.0.0.1:${address.port}/told`,
    told,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(await text(request));
    told.push(printableValue(body));
    response.end();
  }
}
