// A message's hash and the deadlines, in one Redis.
import type { Redis } from "ioredis";

/** Ids in one look at what is due. */
const DUE_COUNT = 500;
const ENDED_SECONDS = 8 * 24 * 3_600;

/** Leaves a step for another, or for good, unless somebody else did: KEYS hash, deadlines; ARGV id, from, to, due. */
const MOVE = `
if redis.call("HGET", KEYS[1], "step") ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[1], "step", ARGV[3])
if ARGV[4] ~= "" then redis.call("ZADD", KEYS[2], ARGV[4], ARGV[1])
else redis.call("ZREM", KEYS[2], ARGV[1]) end
if ARGV[3] == "ended" then redis.call("EXPIRE", KEYS[1], ${ENDED_SECONDS}) end
return 1`;

type Move = { id: string; from: number; to: number | "ended"; dueAt: number | null };

export type PlainStore = ReturnType<typeof plainStore>;

export function plainStore(redis: Redis) {
  redis.defineCommand("move", { numberOfKeys: 2, lua: MOVE });
  const move = redis as unknown as { move(...args: (string | number)[]): Promise<number> };
  return {
    /** Keeps what is there already: a request that comes twice. */
    async begin(id: string, { request, dueAt }: { request: Buffer; dueAt: number | null }) {
      const hash = redis.multi().hsetnx(keyOf(id), "request", request).hsetnx(keyOf(id), "step", 0);
      await (dueAt === null ? hash : hash.zadd("timers", "NX", dueAt, id)).exec();
    },
    async find(id: string) {
      const [request, step] = await redis.hmgetBuffer(keyOf(id), "request", "step");
      if (!request || !step || String(step) === "ended") return undefined;
      return { request, step: Number(step) };
    },
    noteStatus: (id: string, status: string) => redis.hset(keyOf(id), "status", status),
    /** Whether it was ours to leave. */
    async move({ id, from, to, dueAt }: Move): Promise<boolean> {
      return (await move.move(keyOf(id), "timers", id, from, to, dueAt ?? "")) === 1;
    },
    async due() {
      const ids = await redis.zrangebyscore("timers", "-inf", Date.now(), "LIMIT", 0, DUE_COUNT);
      return { ids, isFull: ids.length === DUE_COUNT };
    },
  };
}

function keyOf(id: string): string {
  return `message:${id}`;
}
