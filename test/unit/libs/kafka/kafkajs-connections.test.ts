// What kafkajs makes of a connection that ends in the middle, or falls silent: the next one has to work.
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
// oxlint-disable-next-line import/no-unassigned-import -- it repairs kafkajs, once, by being loaded
import "#libs/kafka/kafkajs/kafkajs-client.ts";
import { kafkajsOwn } from "#test/support/kafkajs-own.ts";
import { listeningPort } from "#test/support/redis-server.ts";

const require = createRequire(import.meta.url);
const Repaired = require("kafkajs/src/network/connection");
const Encoder = require("kafkajs/src/protocol/encoder");
const SocketFactory = require("kafkajs/src/network/socketFactory");

const API_VERSIONS = 18;
const REQUEST_TIMEOUT_MS = 200;
const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const logger = { namespace: () => quiet };
let opened = new AsyncDisposableStack();
afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

type Answer = (request: Buffer, socket: Socket) => void;

/** Answers the requests of its first connection by `first`, all others whole. Returns its port. */
async function startServer(first: Answer, onConnection = () => {}): Promise<number> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    onConnection();
    const answer = count++ === 0 ? first : answerWhole;
    sockets.add(socket);
    socket.on("data", (request) => answer(request, socket));
    socket.on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  opened.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listeningPort(server);
}

/** The length, the number of the request, and a word. */
function answerOf(request: Buffer): Buffer {
  const answer = Buffer.alloc(12);
  answer.writeInt32BE(8);
  request.copy(answer, 4, 8, 12);
  answer.write("word", 8);
  return answer;
}

function answerWhole(request: Buffer, socket: Socket): void {
  socket.write(answerOf(request));
}

function answerHalf(request: Buffer, socket: Socket): void {
  socket.end(answerOf(request).subarray(0, 9));
}

function connectionTo(port: number, Connection: typeof Repaired) {
  const connection = new Connection({
    host: "127.0.0.1",
    port,
    logger,
    socketFactory: SocketFactory(),
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 1_000,
  });
  opened.defer(() => void connection.disconnect());
  return connection;
}

async function ask(connection: typeof Repaired, apiKey = API_VERSIONS): Promise<string> {
  await connection.connect();
  return connection.send({
    request: { apiKey, apiName: "Any", apiVersion: 0, encode: async () => new Encoder() },
    response: {
      decode: async (bytes: Buffer) => bytes.toString(),
      parse: async (word: string) => word,
    },
  });
}

it("opens one connection for all who ask while it is connecting, and the next one after it was cut", async () => {
  let count = 0;
  const port = await startServer(answerHalf, () => void count++);
  const connection = connectionTo(port, Repaired);
  await Promise.all(Array.from({ length: 4 }, () => connection.connect()));
  await expect(ask(connection)).rejects.toThrow("Closed connection");
  expect(count).toBe(1);
  await Promise.all([connection.connect(), connection.connect()]);
  expect(await ask(connection)).toBe("word");
  expect(count).toBe(2);
});

it("understands a connection's answers after one that was cut in the middle of an answer", async () => {
  const connection = connectionTo(await startServer(answerHalf), Repaired);
  await expect(ask(connection)).rejects.toThrow("Closed connection");
  expect(await ask(connection)).toBe("word");
});

it("is needed, as kafkajs itself understands nothing more then", async () => {
  const own = connectionTo(await startServer(answerHalf), kafkajsOwn("network/connection"));
  await expect(ask(own)).rejects.toThrow("Closed connection");
  await expect(ask(own)).rejects.toThrow("timed out");
});

it("hangs up where a request has had no answer in its time, and asks by a new connection", async () => {
  const connection = connectionTo(await startServer(() => undefined), Repaired);
  await expect(ask(connection)).rejects.toThrow("timed out");
  expect(connection.isConnected()).toBe(false);
  expect(await ask(connection)).toBe("word");
});

it("waits on where the broker is busy with what may take longer", async () => {
  const connection = connectionTo(await startServer(() => undefined), Repaired);
  await connection.connect();
  const joining = {
    apiKey: 11,
    apiName: "JoinGroup",
    apiVersion: 0,
    encode: async () => new Encoder(),
  };
  const longer = connection.send({
    request: joining,
    response: { decode: async () => undefined, parse: async () => undefined },
    requestTimeout: 60_000,
  });
  await expect(ask(connection)).rejects.toThrow("timed out");
  expect(connection.isConnected()).toBe(true);
  connection.rejectRequests(new Error("the test is over"));
  await expect(longer).rejects.toThrow("the test is over");
});

it("keeps a connection that has sent records: by another one what is sent next could overtake them", async () => {
  const connection = connectionTo(await startServer(() => undefined), Repaired);
  const PRODUCE = 0;
  await expect(ask(connection, PRODUCE)).rejects.toThrow("timed out");
  await expect(ask(connection)).rejects.toThrow("timed out");
  expect(connection.isConnected()).toBe(true);
});
