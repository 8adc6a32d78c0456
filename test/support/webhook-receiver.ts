// A customer's endpoint on loopback: it keeps what it was sent, and answers as a test says.
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { text } from "node:stream/consumers";
import { listeningPort } from "#test/support/redis-server.ts";

export type Received = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
};

export type Receiver = AsyncDisposable & {
  url: string;
  received: Received[];
  /** What the next requests are answered with; a function answers itself, or never. */
  answer: (request: Received) => number | ((response: ServerResponse) => void);
};

/** Answers 200 unless told otherwise. Disposal cuts its connections. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: Receiver = {
    url: `http://127.0.0.1:${listeningPort(server)}/hook`,
    received: [],
    answer: () => 200,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: await text(request), at: Date.now() };
    receiver.received.push(one);
    const answer = receiver.answer(one);
    if (typeof answer === "function") answer(response);
    else response.writeHead(answer).end();
  }
}
