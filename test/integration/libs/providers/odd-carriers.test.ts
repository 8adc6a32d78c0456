// The adapter against carriers that answer as none should, over real HTTP and bare sockets.
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import { simulatedCarrier } from "#libs/providers/simulated/adapter.ts";
import { commandFor } from "#test/support/dispatch-command.ts";

const TIMEOUT_MS = 1_000;
let opened = new AsyncDisposableStack();

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  opened.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a bare socket says once a request has come. */
async function serveBytes(say: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => say(socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  opened.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answerOf(carrierUrl: string, isInTime = () => true) {
  const adapter = simulatedCarrier({ carrierUrl, channel: "sms", timeoutMs: TIMEOUT_MS });
  const command = commandFor({ channel: "sms", recipient: "+6511110000" });
  try {
    return boundAnswer(await adapter.dispatch(command, isInTime));
  } finally {
    await adapter[Symbol.asyncDispose]();
  }
}

const refusal = { code: "12", text: "no", temporary: false };
const json = (status: number, body: unknown) =>
  serve((_request, response) => response.writeHead(status).end(JSON.stringify(body)));

const drip = (status: number) =>
  serve((_request, response) => {
    response.writeHead(status);
    const timer = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(timer));
  });

describe("a carrier's answer", () => {
  it("of megabytes is read to a limit, and its status counts", async () => {
    const page = "x".repeat(3_300_000);
    const refused = await answerOf(await json(400, { ...refusal, text: page }));
    expect(refused).toMatchObject({ type: "refused", code: "http-400" });
    expect(await answerOf(await json(503, page))).toMatchObject({ code: "http-503" });
    expect((await answerOf(await json(200, page))).type).toBe("unknown");
  });

  it("without an end is left after the limit", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(400);
      const write = () => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
      };
      response.on("drain", write);
      write();
    });
    expect(await answerOf(url)).toMatchObject({ code: "http-400" });
  });

  it("that drips is left after the time of a call", async () => {
    expect(await answerOf(await drip(400))).toMatchObject({ type: "refused", code: "http-400" });
    expect((await answerOf(await drip(200))).type).toBe("unknown");
  });

  it("whose headers drip is left after the time of a call", async () => {
    const url = await serveBytes((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x: y\r\n"), 50);
      socket.on("close", () => clearInterval(timer));
    });
    expect((await answerOf(url)).type).toBe("unknown");
  });

  it("that never comes, or only as interim answers, is lost", async () => {
    const silent = await serve(() => undefined);
    expect(await answerOf(silent)).toMatchObject({ type: "unknown", text: expect.any(String) });
    const interim = await serveBytes((socket) => {
      const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    });
    expect((await answerOf(interim)).type).toBe("unknown");
  });

  it("is unknown when its headers are huge, or when it is no HTTP", async () => {
    const huge = await serveBytes((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(1_000_000)}\r\n\r\n`);
    });
    expect((await answerOf(huge)).type).toBe("unknown");
    const noHttp = await serveBytes((socket) => socket.end("\u0000\u0001SSH-2.0-OpenSSH\r\n"));
    expect((await answerOf(noHttp)).type).toBe("unknown");
  });

  it("is not decompressed and no redirect is followed", async () => {
    let callCount = 0;
    const zeros = gzipSync(JSON.stringify({ ...refusal, text: "0".repeat(20_000_000) }));
    const bomb = await serve((_request, response) => {
      callCount += 1;
      response.writeHead(400, { "content-encoding": "gzip" });
      response.end(zeros);
    });
    expect(await answerOf(bomb)).toMatchObject({ type: "refused", code: "http-400" });
    const redirect = await serve((_request, response) => {
      callCount += 1;
      response.writeHead(307, { location: "/again" }).end();
    });
    expect(await answerOf(redirect)).toMatchObject({ type: "refused", errorClass: "SENDER" });
    expect(callCount).toBe(2);
  });

  it("that is no JSON, or another JSON, is judged by its status", async () => {
    const bodies = ["", "{", "null", "[]", '"x"', '{"providerMessageId":7}'];
    for (const body of [...bodies, Buffer.from([0xff, 0xfe, 0x00])]) {
      const say = (status: number) =>
        serve((_request, response) => response.writeHead(status).end(body));
      expect((await answerOf(await say(200))).type).toBe("unknown");
      expect(await answerOf(await say(404))).toMatchObject({ type: "refused", code: "http-404" });
    }
  });

  it("is one line of well-formed text that fits into a report", async () => {
    const odd = {
      code: `1\u001b[2J${"9".repeat(5_000)}`,
      text: `a\r\n\u001b]0;b\u0007${"😀".repeat(9_000)}`,
    };
    const answer = await answerOf(await json(400, { ...refusal, ...odd }));
    if (answer.type !== "refused") throw new Error(`It is ${answer.type}.`);
    expect(answer.code).toMatch(/^1 \[2J9+…$/u);
    expect(answer.code.length).toBeLessThanOrEqual(64);
    expect(answer.text).toMatch(/^a \]0;b 😀+…$/u);
    expect(answer.text.length).toBeLessThanOrEqual(500);
    const half = await answerOf(await json(400, { ...refusal, text: "half \ud83d" }));
    expect(half).toMatchObject({ text: "half \ufffd" });
  });

  it("with an id that nobody could match is lost", async () => {
    for (const providerMessageId of ["x".repeat(251), "a\u0000b", "\ud83d", "é".repeat(126)]) {
      expect((await answerOf(await json(200, { providerMessageId }))).type).toBe("unknown");
    }
    const providerMessageId = "é".repeat(125);
    expect(await answerOf(await json(200, { providerMessageId }))).toMatchObject({
      type: "accepted",
      providerMessageId,
    });
  });
});

it.each(["x".repeat(251), "a\nb", "\ud83d"])(
  "a carrier's answer with a part's id that nobody could match is lost",
  async (odd) => {
    const url = await json(200, { providerMessageId: "one", partIds: ["one", odd] });
    expect((await answerOf(url)).type).toBe("unknown");
  },
);

describe("a call", () => {
  it("that is late by the time there is a connection is not written", async () => {
    const requests: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      requests.push(request.url);
      response.end();
    });
    expect(await answerOf(url, () => false)).toEqual({ type: "late" });
    expect(requests).toEqual([]);
  });

  it("that cannot connect was not written", async () => {
    const url = await serve(() => undefined);
    await opened.disposeAsync();
    opened = new AsyncDisposableStack();
    expect(await answerOf(url)).toMatchObject({ type: "temporary", code: "carrier-unreachable" });
  });
});
