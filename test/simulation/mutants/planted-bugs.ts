// Faults that people have made in systems like this one, each as a change of our own source. The simulation
// has to find every one of them: a suite that finds none of these finds nothing.

export type Change = {
  /** From the project's root. */
  file: string;
  /** What stands there exactly once, and what takes its place. */
  from: string;
  to: string;
};

export type PlantedBug = Change & {
  /** What it is. */
  name: string;
  /** Where one change alone is caught by what stands behind it. */
  also?: Change;
  /** It shows only where Redis loses writes. */
  hasLosses?: boolean;
};

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "an outbox entry is acknowledged before it is published",
    file: "libs/message-flow/publish-entry.ts",
    from: "  await publishInOrder(entry, flow);",
    to: "  await flow.store.ack(epoch, entryId, [...entry.messages]);\n  await publishInOrder(entry, flow);",
  },
  {
    name: "the journal may end with an older state: an entry goes although a newer one may stand before it, and nobody mends that",
    file: "libs/flow-store/lua/ack.lua",
    from: 'if #newer == 0 then redis.call("XDEL", outbox, entry_id) end',
    to: 'newer = {} redis.call("XDEL", outbox, entry_id)',
    also: {
      file: "libs/restore/mend-journal.ts",
      from: "  if (other.length === 0) return;",
      to: "  if (other.length >= 0) return;",
    },
  },
  {
    name: "offsets are committed before their records are handled",
    file: "libs/kafka/handle-batch.ts",
    from: "  const waiting = await timeChunk(",
    to: "  await commit(payload, after(lastOffset));\n  const waiting = await timeChunk(",
  },
  {
    name: "a fault that may pass is taken for done",
    file: "libs/kafka/handle-chunk.ts",
    from: "    if (isEverybodys(error)) throw error;",
    to: "    if (isEverybodys(error)) return { failed: [], waiting: [] };",
  },
  {
    name: "a repeat does not wait for what was decided of it",
    file: "libs/message-flow/settle-messages.ts",
    from: "    if (held.length === 0) break;",
    to: "    if (held.length >= 0) break;",
  },
  {
    name: "a conflict is not noticed",
    file: "libs/flow-store/lua/commit.lua",
    from: 'if struct.unpack(">I4", state) ~= stored_version + 1 or',
    to: "if",
  },
  {
    name: "what Redis gets late is stored",
    file: "libs/flow-store/lua/commit.lua",
    from: "or is_late then",
    to: "then",
  },
  {
    name: "a message that another writer changed meanwhile is not decided again",
    file: "libs/message-flow/advance.ts",
    from: "    open = new Map(conflicts.map",
    to: "    open = new Map(conflicts.slice(conflicts.length).map",
  },
  {
    name: "a timer leaves its set when it fires",
    file: "libs/flow-store/lua/claim-due.lua",
    from: 'if #leases > 0 then redis.call("HSET", lent, unpack(leases)) end',
    to: 'for i = 1, #leases, 2 do redis.call("ZREM", timers, leases[i]) end',
  },
  {
    name: "a timer that was lent once never fires again",
    file: "libs/flow-store/lua/claim-due.lua",
    from: "if tonumber(lease_end) <= earlier_ms then",
    to: "if false then",
  },
  {
    name: "deadlines are armed by the earlier clock",
    file: "libs/redis/clocks.ts",
    from: "laterMs: Math.max(redisMs, answeredAtMs)",
    to: "laterMs: Math.min(redisMs, answeredAtMs)",
  },
  {
    name: "timers fire by the later clock",
    file: "libs/redis/lua/two-clocks.lua",
    from: "local earlier_ms, later_ms = math.min(redis_ms, caller_ms)",
    to: "local earlier_ms, later_ms = math.max(redis_ms, caller_ms)",
  },
  {
    name: "a tick is believed whenever it comes",
    file: "libs/fallback/decide-tick.ts",
    from: "if (dueAt === null || firedAt < dueAt) return [];",
    to: "if (dueAt === null) return [];",
  },
  {
    name: "what dead processes left in the outbox is not drained",
    file: "libs/message-flow/drain-outbox.ts",
    from: "    for (const entry of entries) {",
    to: "    for (const entry of entries.slice(entries.length)) {",
  },
  {
    name: "a command that is known is called again",
    file: "libs/dispatch-store/lua/take-in.lua",
    from: "  if not known[1] then",
    to: '  if known[1] ~= "waiting" then',
  },
  {
    name: "a command that is claimed has no lease",
    file: "libs/dispatch-store/lua/take.lua",
    from: 'local function add(verdict, command_id, claim)\n  redis.call("ZADD", delayed, now_ms + lease_ms, command_id)',
    to: 'local function add(verdict, command_id, claim)\n  redis.call("ZREM", delayed, command_id)',
  },
  {
    name: "a call whose answer nobody kept is made again without a word",
    file: "services/channel-dispatcher/may-be-called.ts",
    from: "  if (called === null) return false;",
    to: "  return false;",
  },
  {
    name: "a request that is known starts its message anew",
    file: "libs/fallback/decide.ts",
    from: 'if (state.phase !== "NEW" && state.phase !== "RECALLED") return [];',
    to: 'if (state.phase === "ENDED") return [];',
  },
  {
    name: "offsets are committed before what they led to is published",
    file: "libs/message-flow/advance.ts",
    from: 'await inStage("publish", () => publishEntry({ epoch, entryId, messages }, flow));',
    to: 'inStage("publish", () => publishEntry({ epoch, entryId, messages }, flow)).catch(() => undefined);',
  },
  {
    name: "a timer is taken away before its transition is stored",
    file: "libs/message-flow/advance.ts",
    from: '  const { conflicts, entryId, counter, lateCount } = await inStage("commit", () =>',
    to: 'await flow.store.rearm(epoch, transitions.map(({ messageId, expectedVersion }) => ({ messageId, version: expectedVersion, dueAt: null })));\n  const { conflicts, entryId, counter, lateCount } = await inStage("commit", () =>',
  },
  {
    name: "a restore goes downwards",
    file: "libs/flow-store/lua/restore.lua",
    from: "if record_epoch ~= known_epoch then return record_epoch > known_epoch, known_version end",
    to: "if true then return true, known_version end",
    hasLosses: true,
  },
  {
    name: "a restored shard keeps the messages alone, and no timers",
    file: "libs/flow-store/lua/restore.lua",
    from: 'if #armed > 0 then redis.call("ZADD", timers, unpack(armed)) end',
    to: "",
    hasLosses: true,
  },
  {
    name: "no epoch is checked, when a message is loaded, committed or acknowledged",
    file: "libs/flow-store/lua/epoch.lua",
    from: "if string.sub(epoch, -#ARGV[1]) ~= ARGV[1] then",
    to: "if false then",
    also: {
      file: "libs/flow-store/epoch-guard.ts",
      from: "    return closed?.shard === shard ? token === closed.token : token.endsWith(ending(shard));",
      to: "    return closed?.shard === shard || token.length > 0;",
    },
    hasLosses: true,
  },
  {
    name: "commands are told again before the journal has their state",
    file: "libs/restore/commands-again.ts",
    from: "  if (silent.length === 0) return;",
    to: "  if (silent.length >= 0) return;",
    hasLosses: true,
  },
  {
    name: "nobody notices that timers were deleted",
    file: "libs/flow-store/lua/armed.lua",
    from: "if is_noted and timer_count() < tonumber(noted_count) then",
    to: "if false then",
    hasLosses: true,
  },
];
