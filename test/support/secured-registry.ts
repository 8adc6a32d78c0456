// The real registry behind a door that wants TLS, a login and, where asked for, a certificate: the
// registry's own logins need an identity provider, so a proxy stands in front of it, as it does in
// most deployments.
import { once } from "node:events";
import { type RequestListener, request } from "node:http";
import { createServer } from "node:https";
import { type Authority, newAuthority } from "#test/support/certificates.ts";
import { listeningPort } from "#test/support/redis-server.ts";

export type SecuredRegistry = AsyncDisposable & { authority: Authority; url: string };

type Options = {
  /** Values of the `Authorization` header that are let through, with what they may do. */
  logins: Readonly<Record<string, "read" | "write">>;
  wantsCertificate?: boolean;
};

export async function startSecuredRegistry(options: Options): Promise<SecuredRegistry> {
  const behind = new URL(process.env["SCHEMA_REGISTRY_URL"]!);
  const authority = newAuthority("authority of registries");
  const { cert, key } = authority.certify("registry");
  const mutual = options.wantsCertificate
    ? { ca: authority.ca, requestCert: true, rejectUnauthorized: true }
    : {};
  const server = createServer({ cert, key, ...mutual }, guard(options, behind));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    authority,
    url: `https://localhost:${listeningPort(server)}${behind.pathname}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function guard({ logins }: Options, behind: URL): RequestListener {
  return (incoming, outgoing) => {
    const right = logins[incoming.headers.authorization ?? ""];
    const { method = "GET", url: path = "/" } = incoming;
    const isWrite = method !== "GET" && !(method === "POST" && /\/subjects\/[^/]+$/.test(path));
    if (right === undefined) return void outgoing.writeHead(401).end();
    if (isWrite && right !== "write") return void outgoing.writeHead(403).end();
    const { host: _host, authorization: _login, ...headers } = incoming.headers;
    const { hostname, port } = behind;
    const passed = request({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  };
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
