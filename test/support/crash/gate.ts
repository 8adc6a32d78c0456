// A door between one process and its broker or Redis. It passes everything on, until it is told to keep
// back one request, or the reply to one: then the process stands exactly there.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listeningPort } from "#test/support/redis-server.ts";
import type { Wire } from "./wire-frames.ts";

/**
 * Before the server hears a request, or after it has done what was asked and before it is known. `skip`: so many
 * that fit are passed on first.
 */
export type Point = {
  before: "request" | "reply";
  of: (request: Buffer) => boolean;
  /** Of a reply: whether it is one that matters. An empty one may leave nobody with anything in hand. */
  says?: (reply: Buffer) => boolean;
  skip?: number;
};

export type Held = {
  /** Resolves once the process stands at the point. */
  reached: Promise<void>;
  /** Lets what was kept back go on, and everything behind it. */
  pass(): void;
};

export type Gate = AsyncDisposable & {
  readonly port: number;
  /** Keeps back the next request or reply that fits, and all that follows on its connection. */
  hold(point: Point): Held;
  /** Ends every connection; with `true`, new ones end at once until it is opened again. */
  shut(isShut: boolean): void;
};

type GateOptions = {
  port: number;
  wire: () => Wire;
  /** Changes what the process gets to read: brokers say where they are. */
  rewrite?: (reply: Buffer, gatePort: number) => Buffer;
};

type Hold = { point: Point; left: number; reach: () => void; passed: Promise<void> };

/** Listens on a free port of 127.0.0.1 for one process; `port` is its server's. */
export async function openGate({ port, wire, rewrite }: GateOptions): Promise<Gate> {
  const sockets = new Set<Socket>();
  const holds: Hold[] = [];
  let isRefusing = false;

  const take = (
    before: Point["before"],
    request: Buffer,
    reply?: Buffer,
  ): Promise<void> | undefined => {
    const fits = ({ of, says }: Point) => of(request) && (!reply || !says || says(reply));
    const index = holds.findIndex(({ point }) => point.before === before && fits(point));
    const hold = holds[index];
    if (!hold || hold.left-- > 0) return undefined;
    holds.splice(index, 1);
    hold.reach();
    return hold.passed;
  };

  const server = createServer((client) => {
    if (isRefusing) return void client.destroy();
    const upstream = connect(port, "127.0.0.1");
    const spoken = wire();
    const [toServer, toClient] = [inOrder(upstream), inOrder(client)];
    follow(client, upstream, (chunk) => {
      for (const request of spoken.requests(chunk)) {
        spoken.asked(request);
        toServer(request, take("request", request));
      }
    });
    follow(upstream, client, (chunk) => {
      for (const reply of spoken.replies(chunk)) {
        const held = take("reply", spoken.answered(reply), reply);
        toClient(rewrite?.(reply, listeningPort(server)) ?? reply, held);
      }
    });
  });

  function follow(from: Socket, to: Socket, hear: (chunk: Buffer) => void): void {
    sockets.add(from);
    from.on("data", hear);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: listeningPort(server),
    hold(point) {
      const [reached, passed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      holds.push({ point, left: point.skip ?? 0, reach: reached.resolve, passed: passed.promise });
      return { reached: reached.promise, pass: passed.resolve };
    },
    shut(isShut) {
      isRefusing = isShut;
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Writes one after the other; what is kept back keeps back all that follows. */
function inOrder(to: Socket) {
  let last: Promise<unknown> = Promise.resolve();
  return (bytes: Buffer, held?: Promise<void>): void => {
    last = last.then(() => held).then(() => to.destroyed || to.write(bytes));
  };
}
