// Clients that take their time, against a listener as all of the product's are: real limits, so seconds.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createListener } from "#libs/http/create-listener.ts";
import { listenerLimits } from "#libs/http/listener-limits.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import { createLog } from "#libs/telemetry/log.ts";

const DROP_MS = 500;
/** More than the buffers of two sockets hold. */
const MUCH = 50_000_000;

let listener: Awaited<ReturnType<typeof startListener>>;
beforeAll(async () => void (listener = await startListener()));
afterAll(() => listener[Symbol.asyncDispose]());

const { headersMs, requestMs, silenceMs, lingerMs } = listenerLimits;
const HOST = "Host: localhost\r\n";
const BODY = `${HOST}Content-Type: application/json\r\nContent-Length: 900\r\n\r\n`;

it.concurrent.each([
  ["says nothing at all", "", "", headersMs],
  ["dribbles a header", `GET /things HTTP/1.1\r\n${HOST}A: `, "x", headersMs],
  ["dribbles a body", `POST /things HTTP/1.1\r\n${BODY}`, " ", requestMs],
  ["dribbles the body of a refused request", `POST /none HTTP/1.1\r\n${BODY}`, " ", requestMs],
])(
  "a client that %s is told so and cut off",
  { timeout: 60_000 },
  async (_, start, drop, limitMs) => {
    const { socket, heard } = listenTo(start, listener.port);
    const timer = drop === "" ? undefined : setInterval(() => socket.write(drop), DROP_MS);
    const startedAt = Date.now();
    await closed(socket);
    clearInterval(timer);
    expect(Date.now() - startedAt).toBeLessThan(limitMs + 2 * lingerMs);
    expect(heard()).toMatch(/^HTTP\/1.1 (408|404) /);
  },
);

it.concurrent("a client that never reads is cut off", { timeout: 60_000 }, async () => {
  await using other = await startListener();
  expect(other.server.timeout).toBe(silenceMs);
  other.server.setTimeout(1_000);
  const { socket } = listenTo(`GET /much HTTP/1.1\r\n${HOST}\r\n`, other.port);
  socket.pause();
  const [taken] = await once(other.server, "connection");
  await closed(taken);
  expect(socket.bytesRead).toBeLessThan(MUCH);
  socket.destroy();
});

it.concurrent("a client whose answer takes long gets it", { timeout: 60_000 }, async () => {
  await using other = await startListener();
  other.server.setTimeout(500);
  const { socket, heard } = listenTo(`GET /late HTTP/1.1\r\n${HOST}\r\n`, other.port);
  await expect.poll(heard).toMatch(/^HTTP\/1.1 200 [^]*true/);
  socket.destroy();
});

async function startListener() {
  const words = { answer: plainProblem(createLog("test", "fatal")), describe: describePlainly };
  const app = createListener({ bodyBytesMax: 1_024, isLoopbackOnly: false, ...words });
  app.get("/things", async () => ({ ok: true }));
  app.get("/much", async () => "x".repeat(MUCH));
  app.get("/late", async () => {
    await sleep(2_500);
    return { ok: true };
  });
  app.post("/things", async () => ({ ok: true }));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const port = Number(new URL(url).port);
  return { server: app.server, port, [Symbol.asyncDispose]: () => app.close() };
}

function listenTo(start: string, port: number) {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => undefined);
  socket.write(start);
  return { socket, heard: () => Buffer.concat(chunks).toString() };
}

function closed(socket: Socket): Promise<unknown> {
  return new Promise((done) => socket.once("close", done));
}
