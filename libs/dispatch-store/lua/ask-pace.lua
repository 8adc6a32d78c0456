--[[
  libs/dispatch-store/lua/ask-pace.lua
  Asks for a slot at the paces of a connection (GCRA): one for all its calls, one for each sender, one for each sender
  and recipient. A command that comes too early is given the first slot that all of them have free, and comes
  again then: so thousands that wait do not ask over and over. Slots are given some minutes ahead; whoever
  would come later asks again.

  Where accounts share a connection each has a pace of its own, as fast as all. Only at its turn there a
  command asks for a slot among all, a few seconds ahead: one account's backlog waits in its own line.

  The channels of a connection share its paces, so these lie in a slot of a Cluster that is no channel's, and are asked
  for by themselves. Who is called then, begin-call.lua says; should that not come to it, a slot has gone by.
  Behind libs/redis/lua/two-clocks.lua.

  KEYS[1]  slot    string: the one that the command was given, epoch ms, and whose: the connection's, or, with
                   " turn" behind it, only its account's there
  KEYS[2]  beginning of the paces that all channels share  string: until when a bucket's slots are taken, epoch us
  KEYS[3]  beginning of the channel's own
  ARGV[1]  provider  what the connection's reports name
  ARGV[2]  left_ms   how long the command may still be called: no slot beyond that is taken
  ARGV[3]  paces     JSON: [[name, interval_us, burst_count, true if all channels share it, true if accounts do], ...]

  Returns {ms until the command's slot (0: it has one now, which is used up by that), 1 if it was given one}.
]]
local given_slot, provider, left_ms = KEYS[1], ARGV[1], tonumber(ARGV[2])
local now_us, now_ms = redis_us, redis_ms

local AHEAD_MAX_MS = 600000
local SHARED_AHEAD_MS = 5000
local SLOT_KEEP_MS = 2000

local function bucket_of(pace) return (pace[4] and KEYS[2] or KEYS[3]) .. pace[1] end

-- Never further ahead than slots are given: a clock that was ahead may have written it.
local function full_at(pace)
  local at = tonumber(redis.call("GET", bucket_of(pace)) or 0) or 0
  return math.max(now_us, math.min(at, now_us + AHEAD_MAX_MS * 1000 + pace[2]))
end

-- Each pays for one call, and none for another's wait: somebody whose own pace puts him far off holds
-- up nobody else of the connection.
local function take_slot(paces)
  for _, pace in ipairs(paces) do
    local at = full_at(pace) + pace[2]
    redis.call("SET", bucket_of(pace), string.format("%.0f", at), "PX", math.ceil((at - now_us) / 1000))
  end
end

-- Ms until the slot that it was given before; nil: none. One that was given long ago is gone: after a
-- pause all would be called at once.
local function given_ms(whose)
  local at, of = string.match(redis.call("GET", given_slot) or "", "^(%d+) (.*)$")
  local at_ms = of == whose and tonumber(at)
  if not at_ms or at_ms <= now_ms - SLOT_KEEP_MS then return nil end
  return math.max(0, math.ceil(at_ms - now_ms))
end

local function give(whose, at_ms)
  local keep_ms = math.ceil(at_ms - now_ms) + SLOT_KEEP_MS
  redis.call("SET", given_slot, string.format("%.0f %s", at_ms, whose), "PX", string.format("%.0f", keep_ms))
end

-- Ms until the first slot that all of `paces` have, and whether it is the command's now.
local function ask(paces, ahead_ms, whose)
  if #paces == 0 then return 0, true end
  local slot_us = now_us
  for _, pace in ipairs(paces) do
    slot_us = math.max(slot_us, full_at(pace) - pace[2] * (pace[3] - 1))
  end
  local wait_ms = math.ceil((slot_us - now_us) / 1000)
  if wait_ms > ahead_ms or wait_ms >= left_ms then return math.max(wait_ms, 1), false end
  take_slot(paces)
  if wait_ms > 0 then give(whose, slot_us / 1000) end
  return wait_ms, true
end

-- Ms until the command's slot (0: it has one now), and whether it has been given one.
local function pace_of(paces)
  local own, shared = {}, {}
  for _, pace in ipairs(paces) do table.insert(pace[5] and shared or own, pace) end
  local slot_ms = given_ms(provider)
  if slot_ms then return slot_ms, true end
  if #shared == 0 then return ask(own, AHEAD_MAX_MS, provider) end
  local turn = provider .. " turn"
  local turn_ms, has_turn = given_ms(turn), true
  if not turn_ms then turn_ms, has_turn = ask(own, AHEAD_MAX_MS, turn) end
  if turn_ms > 0 or not has_turn then return turn_ms, has_turn end
  local wait_ms, is_given = ask(shared, SHARED_AHEAD_MS, provider)
  -- It has had its turn, and does not queue up again.
  if not is_given then give(turn, now_ms + wait_ms) end
  return wait_ms, is_given
end

local wait_ms, is_given = pace_of(cjson.decode(ARGV[3]))
if wait_ms == 0 and is_given then redis.call("DEL", given_slot) end
return { wait_ms, is_given and 1 or 0 }
