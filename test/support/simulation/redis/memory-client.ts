// An ioredis client of the in-memory Redis: the same calls, the same replies and the same errors.
import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { followServer } from "#libs/redis/server-identity.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { Reply } from "./command.ts";
import type { MemoryRedis } from "./memory-redis.ts";

/** Brings a command to the server and its reply back. Rejects as a connection does that is lost. */
export type Transport = (carryOut: () => Reply, words: readonly string[]) => Promise<Reply>;

/** A connection's own life: "close" and "ready" are told as ioredis tells them. */
export type Life = { events: EventEmitter; status: () => string; disconnect: () => void };

type Options = { server: MemoryRedis; log: Log; transport?: Transport; life?: Life };

/** A connection as `connectRedis` gives it. */
export async function connectMemoryRedis(options: Options): Promise<RedisConnection> {
  const { server, log, transport = atOnce, life = lasting() } = options;
  const send: Send = (sent) => transport(() => server.call(sent), sent);
  const { events } = life;
  const known: Record<string, unknown> = {
    disconnect: life.disconnect,
    script: async (_: string, source: string) =>
      toText(await send(["SCRIPT", "LOAD", sourceOf(source)])),
    callBuffer: async (name: string, args: unknown[]) => toBuffers(await send(words(name, args))),
    call: async (name: string, ...args: unknown[]) => toTexts(await send(words(name, args))),
    multi: () => transaction(send),
    // What waits for the client must not take it for a promise.
    // oxlint-disable-next-line unicorn/no-thenable -- it is the opposite of one
    then: undefined,
  };
  const proxy: unknown = new Proxy(events, {
    get(target, property) {
      if (typeof property !== "string") return Reflect.get(target, property);
      if (property === "status") return life.status();
      if (property in known) return known[property];
      const own: unknown = Reflect.get(target, property);
      if (own !== undefined) return typeof own === "function" ? own.bind(target) : own;
      return command(property, send);
    },
  });
  const client = proxy as Redis;
  const identity = followServer(client, log);
  events.emit("ready");
  await identity.known();
  return {
    at: () => client,
    server: () => identity.current(),
    together: (items) => [[...items]],
    nodes: () => [client],
    onReady(listener) {
      events.on("ready", listener);
      return { [Symbol.dispose]: () => void events.off("ready", listener) };
    },
    scripts: new Set(),
    // It has no maxmemory, so there is room for ever.
    memory: {
      checkRoom: () => undefined,
      whyFull: () => null,
      look: async () => undefined,
      [Symbol.dispose]: () => undefined,
    },
    // Each call that goes by time compares them itself.
    clocks: {
      whyNotReady: () => [],
      earlierNow: () => Date.now(),
      [Symbol.dispose]: () => undefined,
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const atOnce: Transport = async (carryOut) => carryOut();

function lasting(): Life {
  return { events: new EventEmitter(), status: () => "ready", disconnect: () => undefined };
}

type Send = (words: readonly string[]) => Promise<Reply>;

/** `mget` replies texts, `mgetBuffer` bytes. */
function command(method: string, send: Send) {
  const isBinary = method.endsWith("Buffer");
  const name = isBinary ? method.slice(0, -"Buffer".length) : method;
  return async (...args: unknown[]) => {
    const reply = await send(words(name, args));
    const told = isBinary ? toBuffers(reply) : toTexts(reply);
    return name === "hgetall" ? inPairs(told) : told;
  };
}

/** Its commands go out one after the other at `exec`, and are one for all others. */
function transaction(send: Send) {
  const queued: (() => Promise<unknown>)[] = [];
  const chain: unknown = new Proxy(
    {},
    {
      get(_, property) {
        if (property === "exec") {
          return async () => Promise.all(queued.map(async (run) => [null, await run()]));
        }
        return (...args: unknown[]) => {
          queued.push(() => command(String(property), send)(...args));
          return chain;
        };
      },
    },
  );
  return chain;
}

/** The client makes an object of what comes as a list. */
function inPairs(told: unknown): Record<string, unknown> {
  const list = told as unknown[];
  return Object.fromEntries(
    list.flatMap((each, i) => (i % 2 === 0 ? [[String(each), list[i + 1]]] : [])),
  );
}

function words(name: string, args: readonly unknown[]): string[] {
  const sent = [name];
  for (const each of args) addWords(each, sent);
  return sent;
}

/** Lists may lie in lists. */
function addWords(value: unknown, sent: string[]): void {
  if (!Array.isArray(value)) return void sent.push(bytesOf(value));
  for (const each of value) addWords(each, sent);
}

function bytesOf(value: unknown): string {
  if (typeof value !== "string" && Buffer.isBuffer(value)) return value.toString("latin1");
  const text = String(value);
  return ASCII.test(text) ? text : Buffer.from(text).toString("latin1");
}

const ASCII = /^[\0-\x7f]*$/;

/** Scripts are long, and each process loads all of its own. */
function sourceOf(script: string): string {
  let source = sources.get(script);
  if (source === undefined) sources.set(script, (source = bytesOf(script)));
  return source;
}

const sources = new Map<string, string>();

function toText(reply: Reply): string {
  if (typeof reply !== "string") return "";
  return ASCII.test(reply) ? reply : Buffer.from(reply, "latin1").toString();
}

function toTexts(reply: Reply): unknown {
  if (Array.isArray(reply)) return reply.map(toTexts);
  if (typeof reply === "string") return toText(reply);
  return reply !== null && typeof reply === "object" ? reply.status : reply;
}

function toBuffers(reply: Reply): unknown {
  if (Array.isArray(reply)) return reply.map(toBuffers);
  if (typeof reply === "string") return Buffer.from(reply, "latin1");
  return reply !== null && typeof reply === "object" ? Buffer.from(reply.status) : reply;
}
