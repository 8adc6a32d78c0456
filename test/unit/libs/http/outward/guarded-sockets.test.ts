import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { guardedSockets } from "#libs/http/outward/guarded-sockets.ts";
import { listeningPort } from "#test/support/redis-server.ts";

const never = new AbortController().signal;

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => undefined).end("hello"));
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return listeningPort(server);
}

it.each(["127.0.0.1", "::1", "localhost", "169.254.169.254", "10.0.0.1"])(
  "nobody leads a socket to %s",
  async (host) => {
    const connect = guardedSockets({ allowPrivate: false, ownPorts: new Set() });
    await expect(connect({ host, port: await listen() }, never)).rejects.toMatchObject({
      code: "PRIVATE_ADDRESS",
    });
  },
);

it("a socket leads to this network where that is allowed, but to no port of our own", async () => {
  const port = await listen();
  const reachAll = guardedSockets({ allowPrivate: true, ownPorts: new Set() });
  const socket = await reachAll({ host: "localhost", port }, never);
  expect((await once(socket, "data")).toString()).toBe("hello");
  socket.destroy();
  const reachOthers = guardedSockets({ allowPrivate: true, ownPorts: new Set([port]) });
  await expect(reachOthers({ host: "127.0.0.1", port }, never)).rejects.toMatchObject({
    code: "PRIVATE_ADDRESS",
  });
});

it("a socket that nobody waits for any more is given up", async () => {
  const connect = guardedSockets({ allowPrivate: true, ownPorts: new Set() });
  const address = { host: "127.0.0.1", port: await listen() };
  await expect(connect(address, AbortSignal.abort())).rejects.toThrow(/abort/i);
});
