// One listener over real sockets: every listener of the product is made by the same function.
import { request as httpRequest, STATUS_CODES } from "node:http";
import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createListener } from "#libs/http/create-listener.ts";
import { listenerLimits } from "#libs/http/listener-limits.ts";
import { describePlainly, plainProblem } from "#libs/http/plain-problem.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { sayRaw } from "#test/support/raw-client.ts";

const BODY_BYTES_MAX = 1_024;
const log = createLog("test", "fatal");
let server: FastifyInstance;
let port: number;
let asked: unknown[] = [];

beforeAll(async () => {
  const words = { answer: plainProblem(log), describe: describePlainly };
  server = createListener({ bodyBytesMax: BODY_BYTES_MAX, isLoopbackOnly: true, ...words });
  server.get("/things/:id", async () => ({ ok: true }));
  server.post("/things", async ({ body }) => {
    asked.push(body);
    return { ok: true };
  });
  port = Number(new URL(await server.listen({ host: "127.0.0.1", port: 0 })).port);
});
afterAll(() => server.close());

const HOST = "Host: localhost\r\n";
const JSON_TYPE = "Content-Type: application/json\r\n";
const post = (body: string, more = "") =>
  `POST /things HTTP/1.1\r\n${HOST}${JSON_TYPE}${more}Content-Length: ${Buffer.byteLength(body, "latin1")}\r\n\r\n${body}`;

const headWith = (more: string) => `POST /things HTTP/1.1\r\n${HOST}${JSON_TYPE}${more}\r\n`;
const answerTo = (text: string) => sayRaw([Buffer.from(text, "latin1")], { port, halfClose: true });

describe("a request that is none", () => {
  it.each([
    ["two slashes", `GET // HTTP/1.1\r\n${HOST}\r\n`, 404],
    ["no host", "GET /things/1 HTTP/1.1\r\n\r\n", 400],
    ["a percent sign that encodes nothing", `GET /things/%zz HTTP/1.1\r\n${HOST}\r\n`, 400],
    ["a long id", `GET /things/${"x".repeat(2_305)} HTTP/1.1\r\n${HOST}\r\n`, 414],
    ["a long query", `GET /things/1?${"x".repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ["a long header", `GET /things/1 HTTP/1.1\r\n${HOST}A: ${"x".repeat(90_000)}\r\n\r\n`, 431],
    ["an unknown method", `BREW /things/1 HTTP/1.1\r\n${HOST}\r\n`, 400],
    ["TRACE", `TRACE /things/1 HTTP/1.1\r\n${HOST}\r\n`, 404],
    ["OPTIONS *", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 404],
    ["CONNECT", `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`, 405],
    ["a tunnel's other end", `GET http://example.com/ HTTP/1.1\r\n${HOST}\r\n`, 404],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    [
      "a broken chunk",
      `POST /things HTTP/1.1\r\n${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    [
      "two lengths",
      `POST /things HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
    ],
    ["a length and chunks", post("{}", "Transfer-Encoding: chunked\r\n"), 400],
    [
      "another type",
      `POST /things HTTP/1.1\r\n${HOST}Content-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>`,
      415,
    ],
    ["no UTF-8", post('{"a":"\xff"}'), 400],
    ["no JSON", post("{"), 400],
    ["a prototype", post('{"a":{"__proto__":{"b":1}}}'), 400],
    ["a foreign host", "GET /things/1 HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
    ["a host that is none", "GET /things/1 HTTP/1.1\r\nHost: [::\r\n\r\n", 421],
  ])("%s is answered with a problem and its status", async (_, text, status) => {
    const answer = await answerTo(text);
    expect(answer).toMatchObject({ status, endedInOrder: true });
    expect(answer.text).toContain("application/problem+json");
    const problem = JSON.parse(answer.text.slice(answer.text.indexOf("\r\n\r\n")));
    expect(problem).toEqual({
      type: "about:blank",
      title: STATUS_CODES[status],
      status,
      detail: expect.stringMatching(/^[A-Z0-9].*\.$/),
    });
  });
});

describe("what is odd but good", () => {
  it.each([
    [
      "an upgrade",
      `GET /things/1 HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ["an expectation", post("{}", "Expect: the-unexpected\r\n")],
    ["an address with a port", "GET /things/1 HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"],
    ["HTTP/1.0", "GET /things/1 HTTP/1.0\r\n\r\n"],
    ["a byte order mark", post('\xef\xbb\xbf{"a":1}')],
    [
      "trailers",
      `POST /things HTTP/1.1\r\n${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n`,
    ],
  ])("%s is served", async (_, text) => {
    expect(await answerTo(text)).toMatchObject({ status: 200, endedInOrder: true });
  });

  it.each([
    ["JSON", "application/json"],
    ["a form", "application/x-www-form-urlencoded"],
    ["nothing known", "x/y"],
  ])("a write without a body that calls itself %s has no body", async (_, type) => {
    asked = [];
    const head = `POST /things HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\n`;
    expect(await answerTo(`${head}\r\n`)).toMatchObject({ status: 200 });
    expect(await answerTo(`${head}Content-Length: 0\r\n\r\n`)).toMatchObject({ status: 200 });
    expect(asked).toEqual([undefined, undefined]);
  });
});

describe("a body that is too large", () => {
  const body = Buffer.alloc(5_000_000, "x");

  it.each([
    ["with its length", headWith(`Content-Length: ${body.length}\r\n`), [body]],
    [
      "by a client that says close",
      headWith(`Connection: close\r\nContent-Length: ${body.length}\r\n`),
      [body],
    ],
    [
      "in chunks",
      headWith("Transfer-Encoding: chunked\r\n"),
      [`${body.length.toString(16)}\r\n`, body, "\r\n0\r\n\r\n"],
    ],
    [
      "to a path that is not there",
      headWith(`Content-Length: ${body.length}\r\n`).replace("/things", "/none"),
      [body],
    ],
  ])("is answered so that a client that writes first can read it: %s", async (_, start, rest) => {
    const answer = await sayRaw([start, ...rest], { port, halfClose: true });
    expect(answer).toMatchObject({ endedInOrder: true });
    expect([404, 413]).toContain(answer.status);
  });

  it("is answered to Node's own client", async () => {
    const status = await new Promise((done, fail) => {
      const headers = { host: "localhost", "content-type": "application/json" };
      const options = { port, host: "127.0.0.1", path: "/things", method: "POST", headers };
      httpRequest(options, (response) => done(response.resume().statusCode))
        .on("error", fail)
        .end(body);
    });
    expect(status).toBe(413);
  });

  it("ends the connection of whoever goes on sending", async () => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).resume();
    socket.on("error", () => undefined);
    socket.write(headWith("Transfer-Encoding: chunked\r\n"));
    const timer = setInterval(() => socket.write(`1000\r\n${"x".repeat(4_096)}\r\n`), 50);
    await new Promise((done) => socket.once("close", done));
    clearInterval(timer);
    expect(socket.closed).toBe(true);
  });
});

it("does nothing of what comes after its last answer", async () => {
  asked = [];
  const answer = await answerTo(post("x".repeat(100_000)) + post('{"late":true}'));
  expect(answer).toMatchObject({ status: 413, endedInOrder: true });
  expect(asked).toEqual([]);
});

it("takes no more connections than it can hold, and goes on when they are gone", async () => {
  const sockets = Array.from({ length: listenerLimits.connectionCountMax + 50 }, () => {
    const socket = connect(port, "127.0.0.1").resume();
    socket.on("error", () => undefined);
    return socket;
  });
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise((done) => {
          socket.once("connect", done);
          socket.once("close", done);
        }),
    ),
  );
  await expect
    .poll(() => sockets.filter((socket) => socket.closed).length)
    .toBeGreaterThanOrEqual(50);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(async () => (await answerTo(`GET /things/1 HTTP/1.1\r\n${HOST}\r\n`)).status)
    .toBe(200);
});
