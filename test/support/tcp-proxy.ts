// A TCP proxy that behaves badly on demand. Requests flow from the client to the server, replies
// back. A change of behaviour applies at once, to open connections as well.
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listeningPort } from "#test/support/redis-server.ts";

type Behaviour = {
  /** Holds every chunk back for so long; the order stays. */
  latencyMs: number;
  /** Swallows what the client says: the server never hears it. */
  dropRequests: boolean;
  /** Swallows what the server says: it has done the work, the client never learns. */
  dropReplies: boolean;
  /** Cuts new connections as soon as they come in. */
  refuse: boolean;
};

export type TcpProxy = AsyncDisposable & {
  readonly port: number;
  behave(change: Partial<Behaviour>): void;
  /** New connections go to another port, as after a failover. */
  leadTo(port: number): void;
  /** Cuts every open connection. */
  cut(): void;
  /** Every open connection falls silent for good; new ones work. So a peer vanishes. */
  freeze(): void;
  /** Resolves when the server has replied, if only into the void, `byteCount` bytes more. */
  replied(byteCount: number): Promise<void>;
};

/** What a client gets to read of a server that tells it where to connect. */
type RewriteReply = (chunk: Buffer, proxyPort: number) => Buffer;

/** Listens on a free port of 127.0.0.1 and passes everything on to `targetPort` there. */
export async function startTcpProxy(
  targetPort: number,
  rewriteReply: RewriteReply = (chunk) => chunk,
): Promise<TcpProxy> {
  const behaviour: Behaviour = {
    latencyMs: 0,
    dropRequests: false,
    dropReplies: false,
    refuse: false,
  };
  let leadsTo = targetPort;
  const sockets = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  const replies = new EventEmitter();

  const server = createServer((client) => {
    if (behaviour.refuse) return void client.destroy();
    const upstream = connect(leadsTo, "127.0.0.1");
    pass(
      client,
      upstream,
      () => behaviour.dropRequests,
      (chunk) => chunk,
    );
    pass(
      upstream,
      client,
      () => behaviour.dropReplies,
      (chunk) => rewriteReply(chunk, listeningPort(server)),
    );
    upstream.on("data", (chunk) => replies.emit("data", chunk.length));
  });

  function pass(
    from: Socket,
    to: Socket,
    isDropped: () => boolean,
    rewrite: (chunk: Buffer) => Buffer,
  ): void {
    sockets.add(from);
    from.on("data", (received) => {
      if (isDropped() || frozen.has(from)) return;
      const chunk = rewrite(received);
      if (behaviour.latencyMs === 0) to.write(chunk);
      else setTimeout(() => to.write(chunk), behaviour.latencyMs);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }

  async function nextReply(): Promise<number> {
    const [byteCount] = await once(replies, "data");
    return Number(byteCount);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: listeningPort(server),
    behave: (change) => void Object.assign(behaviour, change),
    leadTo(port) {
      leadsTo = port;
    },
    cut,
    freeze() {
      for (const socket of sockets) frozen.add(socket);
    },
    async replied(byteCount) {
      for (let left = byteCount; left > 0; ) left -= await nextReply();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
