// A server of Node's that no connection can hold or end: every wait and every count has a limit, and
// what is no HTTP request is answered too.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import type { HttpFault } from "./http-fault.ts";
import { endLingering, isEnding, lingerOver } from "./linger.ts";
import { listenerLimits } from "./listener-limits.ts";
import { cutSilent } from "./silence.ts";

/** What a listener says of a fault, in the words of whoever owns the path. */
export type DescribeFault = (fault: HttpFault, url: string) => { type: string; body: string };

/** The server, not yet listening. What is no request is answered with `describe`'s words. */
export function createHttpServer(handle: RequestListener, describe: DescribeFault): Server {
  const server = withLimits();
  lingerOver(server);
  cutSilent(server);
  const take: RequestListener = (request, response) => {
    if (!isEnding(request.socket)) handle(request, response);
  };
  const refuse = (socket: Duplex, fault: HttpFault, url: string) =>
    endLingering(socket, toHttp(fault.status, describe(fault, url)));
  server.on("request", take);
  // RFC 9110, section 10.1.1: what else than 100-continue is expected may be ignored.
  server.on("checkExpectation", take);
  server.on("connect", ({ url = "" }: IncomingMessage, socket: Duplex) => {
    refuse(socket, { status: 405, advice: "this is no proxy." }, url);
    socket.resume();
  });
  server.on("clientError", (error: ClientError, socket: Duplex) =>
    refuse(socket, faultOf(error), urlOf(error)),
  );
  return server;
}

function withLimits(): Server {
  const { headerBytesMax, headersMs, requestMs, idleMs, silenceMs, checkMs } = listenerLimits;
  const server = createServer({
    maxHeaderSize: headerBytesMax,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: checkMs,
    // Refused by the listener, with a body.
    requireHostHeader: false,
  });
  server.maxConnections = listenerLimits.connectionCountMax;
  server.setTimeout(silenceMs);
  return server;
}

type ClientError = Error & { code?: string; rawPacket?: Buffer };

const HEADERS_TOO_LARGE = `the request line and the headers are larger than ${listenerLimits.headerBytesMax / 1024} KiB.`;

function faultOf({ code }: ClientError): HttpFault {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, advice: HEADERS_TOO_LARGE };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, advice: "the chunk extensions are too long." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, advice: "the request did not come in time." };
    default:
      return { status: 400, advice: "that is no HTTP request." };
  }
}

/** As far as the packet that was refused shows it. */
function urlOf({ rawPacket }: ClientError): string {
  const start = rawPacket?.toString("latin1", 0, 512) ?? "";
  return /^\S{1,32} (\/\S*)/.exec(start)?.[1] ?? "";
}

function toHttp(status: number, { type, body }: ReturnType<DescribeFault>): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
