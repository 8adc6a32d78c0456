// Hundreds of requests that no client of good faith sends, as bytes.

const TARGETS = [
  "/",
  "//",
  "///",
  "//[",
  "/%",
  "/%zz",
  "/%00",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/../..",
  "/?",
  "/?&&&=&=%",
  `/?${"a&".repeat(7_000)}`,
  "/#",
  "*",
  "?",
  "http://",
  "http://[::1",
  "//user:pass@host:99999/x",
  "/metrics?x[]=1&x[__proto__]=2",
  `/${"x".repeat(3_000)}`,
  `/${"x/".repeat(6_000)}`,
  "/receipts/sms",
  "/receipts/__proto__",
  "/receipts/constructor",
  "/carriers/sms/messages",
  "/carriers/toString/messages",
  "/sent?recipient=%ff",
  "/sent?recipient=1&recipient=2",
  "/ft/v1/messages",
  "/ft/v1/messages/batch",
  "/ft/v1/messages?limit=1e999&limit=2",
  `/ft/v1/messages/${"%00".repeat(700)}`,
  `/ft/v1/messages/${"é".repeat(300)}`,
  "/ft/v1/accounts/__proto__/channels/sms",
  "/api/v1/subaccounts/demo/messages",
  "/api/v1/subaccounts/demo/messages/batch",
  "/api/v1/subaccounts/%2F/messages",
  "/api/v1/accounts/%00/webhooks",
];

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
const ODD_METHODS = [
  "",
  "get",
  "QUERY",
  "PRI",
  "M-SEARCH",
  "BREW",
  "\0",
  "GET GET",
  "x".repeat(200),
];

const HEADERS = [
  "",
  "Host: \r\n",
  "Host: a\r\nHost: b\r\n",
  "Host: [\r\n",
  `Host: ${"x".repeat(5_000)}\r\n`,
  "Host: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n",
  "Host: localhost\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: x\r\n",
  "Host: localhost\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n",
  "Host: localhost\r\nExpect: nonsense\r\n",
  "Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n",
  "Host: localhost\r\nTransfer-Encoding: chunked, identity\r\n",
  "Host: localhost\r\nContent-Length: -1\r\n",
  "Host: localhost\r\nContent-Length: 18446744073709551616\r\n",
  "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 1\r\n",
  "Host: localhost\r\nContent-Type: ;;;=\r\nContent-Length: 0\r\n",
  "Host: localhost\r\nContent-Type: application/json; charset=utf-7\r\nContent-Encoding: gzip\r\n",
  "Host: localhost\r\nAuthorization: Bearer \r\n",
  `Host: localhost\r\nAuthorization: Bearer ${"x".repeat(8_000)}\r\n`,
  "Host: localhost\r\nAuthorization: Bearer demo-key\r\nContent-Type: application/json\r\n",
  "Host: localhost\r\nAccept-Version: 1.x\r\nAccept: \xff\r\n",
  "Host: localhost\r\nCookie: __proto__=1\r\n__proto__: 1\r\nconstructor: 2\r\n",
  "Host: localhost\r\ntraceparent: 00-zz-zz-zz\r\nIdempotency-Key: \x01\r\n",
  `Host: localhost\r\n${"A: b\r\n".repeat(2_500)}`,
  " folded\r\n",
  "No colon\r\n",
];

const BODIES = [
  "2\r\n{}\r\n0\r\n\r\n",
  "ffffffffffffffff\r\n",
  "2;x=y\r\n{}\r\n0\r\nTrailer: x\r\nContent-Length: 5\r\n\r\n",
  "[".repeat(5_000),
  '{"__proto__":{"isReady":true}}',
  "\xef\xbb\xbf{}",
  "\xff\xfe\x00",
  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(50),
];

const NO_HTTP = [
  "",
  "\r\n",
  "\r\n\r\n\r\n",
  "\0\0\0\0",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
  "GET",
  "GET / HTTP/1.1\r\nHost: loc",
  "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
  "GET /\r\n",
  "HTTP/1.1 200 OK\r\n\r\n",
  "SSH-2.0-OpenSSH_9.6\r\n",
  "x".repeat(100_000),
];

/** Every part in at least one request, many beside each other, always the same. */
export function oddRequests(): string[] {
  const methods = [...METHODS, ...ODD_METHODS];
  const byTarget = TARGETS.flatMap((target, index) =>
    METHODS.map((method, place) => {
      const headers = HEADERS[(index * METHODS.length + place) % HEADERS.length] ?? "";
      return `${method} ${target} HTTP/1.1\r\n${headers}\r\n${BODIES[place % BODIES.length]}`;
    }),
  );
  const byMethod = methods.map(
    (method) => `${method} /ft/v1/messages HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  );
  const byBody = BODIES.flatMap((body) =>
    TARGETS.map((target) => {
      const length = `Content-Length: ${Buffer.byteLength(body, "latin1")}\r\n`;
      const type = "Host: localhost\r\nContent-Type: application/json\r\n";
      const key = "Authorization: Bearer demo-key\r\n";
      return `POST ${target} HTTP/1.1\r\n${type}${key}${length}\r\n${body}`;
    }),
  );
  // With nothing odd but the target, so that it gets as far as a target can.
  const bare = TARGETS.map((target) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return [...byTarget, ...byMethod, ...byBody, ...bare, ...NO_HTTP];
}
