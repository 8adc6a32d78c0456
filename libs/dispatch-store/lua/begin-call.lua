--[[
  libs/dispatch-store/lua/begin-call.lua
  Picks whom a command is given to, and notes that right before the call: whoever finds the claim
  without an answer knows who may have it.

  Passed over is a connection whose circuit is open. When its time is over one call may try it, and
  until that has ended, or its lease, nobody else does.

  A connection has paces (GCRA): one for all its calls, one for each sender, one for each sender and
  recipient. A command that comes too early is given the first slot that all of them have free, and comes
  again then: so thousands that wait do not ask over and over. Slots are given some minutes ahead; whoever
  would come later asks again.

  Where accounts share a connection each has a pace of its own, as fast as all. Only at its turn there a
  command asks for a slot among all, a few seconds ahead: one account's backlog waits in its own line.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  owner     the caller
  ARGV[6]  lease_ms  longer than a call can take
  ARGV[7]  left_ms   how long the command may still be called: no slot beyond that is taken
  ARGV[8..]  in order, per candidate: what its reports name; "1" if it has a circuit; its paces, JSON:
             [[name, interval_us, burst_count, true if all channels share it, true if accounts do], ...]

  Returns {index of the picked one (1 is the first; 0: none; -1: the claim is another's by now),
  how many others could be picked too, "1" if the picked one has failed before, ms until its paces have a
  slot (0: it is called now), then per candidate {ms until it may be tried (0: now), why}}.
]]
local claim, lease_ms, left_ms = claim_of(ARGV[4]), tonumber(ARGV[6]), tonumber(ARGV[7])
local found = redis.call("HMGET", claim, "state", "owner", "slot", "slot_of")
if found[1] ~= "claimed" or found[2] ~= ARGV[5] then return { -1, 0, "0", 0 } end

local PROBE_PAUSE_MS = 1000
local AHEAD_MAX_MS = 600000
local SHARED_AHEAD_MS = 5000
local SLOT_KEEP_MS = 2000
-- Above every rest of a circuit: one that ends later was noted by a clock that was ahead.
local OPEN_MS_MAX = 60000
local picked, others, has_failed, paced_ms = 0, 0, "0", 0
local reply = {}

local function circuit_of(provider)
  local f = redis.call("HMGET", KEYS[8] .. provider, "until", "probe", "why")
  local open_ms = (tonumber(f[1] or 0) or 0) - now_ms
  local probe_ms = (tonumber(f[2] or 0) or 0) - now_ms
  if open_ms > 0 and open_ms <= OPEN_MS_MAX then return true, open_ms, f[3] or "" end
  if probe_ms > 0 and probe_ms <= lease_ms then return true, math.min(probe_ms, PROBE_PAUSE_MS), f[3] or "" end
  return f[3] ~= false, 0, f[3] or ""
end

local function bucket_of(pace) return (pace[4] and KEYS[10] or KEYS[9]) .. pace[1] end

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
  local at_ms = found[4] == whose and tonumber(found[3] or "")
  if not at_ms or at_ms <= now_ms - SLOT_KEEP_MS then return nil end
  return math.max(0, math.ceil(at_ms - now_ms))
end

local function give(whose, at_ms)
  redis.call("HSET", claim, "slot", string.format("%.0f", at_ms), "slot_of", whose)
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
local function pace_of(provider, paces)
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

local function call_now(provider, failed)
  redis.call("HSET", claim, "called", provider)
  redis.call("HDEL", claim, "slot", "slot_of")
  if not failed then return end
  has_failed = "1"
  local circuit = KEYS[8] .. provider
  if redis.call("HEXISTS", circuit, "until") == 1 then
    redis.call("HSET", circuit, "probe", now_ms + lease_ms)
  end
end

-- The first that has no slot in time: it is picked where no other one has.
local late, late_ms

for i = 8, #ARGV, 3 do
  local provider = ARGV[i]
  local failed, wait_ms, why = false, 0, ""
  if ARGV[i + 1] == "1" then failed, wait_ms, why = circuit_of(provider) end
  if wait_ms == 0 and picked == 0 then
    local pace_ms, is_given = pace_of(provider, cjson.decode(ARGV[i + 2]))
    if is_given then
      picked, paced_ms = (i - 5) / 3, pace_ms
      if pace_ms == 0 then call_now(provider, failed) end
    elseif not late then
      late, late_ms = (i - 5) / 3, pace_ms
    end
  elseif wait_ms == 0 then
    others = others + 1
  end
  table.insert(reply, { wait_ms, why })
end
if picked == 0 and late then picked, paced_ms = late, late_ms end
return { picked, others, has_failed, paced_ms, unpack(reply) }
