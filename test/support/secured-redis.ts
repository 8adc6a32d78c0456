// A real Redis that wants TLS, a certificate where asked for, and an ACL user.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { type Authority, newAuthority } from "#test/support/certificates.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

export type SecuredRedis = AsyncDisposable & { authority: Authority; url: string };

type Options = {
  /** Lines of an ACL file; the user `default` is off. */
  users: readonly string[];
  wantsCertificate?: boolean;
};

export async function startSecuredRedis(options: Options): Promise<SecuredRedis> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "secured-redis-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const authority = newAuthority("authority of Redis");
  const { cert, key } = authority.certify("redis");
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const port = await freePort();
  const acl = ["user default off", ...options.users].map((line) => `${line}\n`).join("");
  opened.use(
    await startRedisServer(
      [
        // The last one counts.
        `--port 0 --tls-port ${port}`,
        `--tls-cert-file ${await file("cert.pem", cert)}`,
        `--tls-key-file ${await file("key.pem", key)}`,
        `--tls-ca-cert-file ${await file("ca.pem", authority.ca)}`,
        `--tls-auth-clients ${options.wantsCertificate ? "yes" : "no"}`,
        `--aclfile ${await file("users.acl", acl)}`,
      ].flatMap((setting) => setting.split(" ")),
    ),
  );
  const owned = opened.move();
  return {
    authority,
    url: `rediss://localhost:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
