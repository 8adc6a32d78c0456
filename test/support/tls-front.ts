// TLS in front of a listener, as a deployment's load balancer has it.
import { once } from "node:events";
import { connect } from "node:net";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";
import { newAuthority } from "#test/support/certificates.ts";
import { listeningPort } from "#test/support/redis-server.ts";

export type TlsFront = AsyncDisposable & {
  port: number;
  /** In PEM: whose certificates a client has to believe. */
  ca: string;
};

/** Listens on a free port of 127.0.0.1 and passes on to `targetPort` there what it has deciphered. */
export async function startTlsFront(targetPort: number): Promise<TlsFront> {
  const authority = newAuthority("front");
  const server = createServer(authority.certify("127.0.0.1"), (client) => {
    const upstream = connect(targetPort, "127.0.0.1");
    // Either end may go first; then the other goes too.
    pipeline(client, upstream, client, () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: listeningPort(server),
    ca: authority.ca,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
