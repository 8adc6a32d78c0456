--[[
  libs/dispatch-store/lua/begin-call.lua
  Picks whom a command is given to, and notes that right before the call: whoever finds the claim
  without an answer knows who may have it.

  Passed over is a connection whose circuit is open. When its time is over one call may try it, and
  until that has ended, or its lease, nobody else does.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  owner     the caller
  ARGV[6]  lease_ms  longer than a call can take
  ARGV[7..]  in order, per candidate: what its reports name, and "1" if it has a circuit

  Returns {index of the picked one (1 is the first; 0: none; -1: the claim is another's by now),
  how many others could be picked too, "1" if the picked one has failed before, then per candidate
  {ms until it may be tried (0: now), why}}.
]]
local claim, lease_ms = claim_of(ARGV[4]), tonumber(ARGV[6])
local found = redis.call("HMGET", claim, "state", "owner")
if found[1] ~= "claimed" or found[2] ~= ARGV[5] then return { -1, 0, "0" } end

local PROBE_PAUSE_MS = 1000
local picked, others, has_failed = 0, 0, "0"
local reply = {}

local function circuit_of(provider)
  local f = redis.call("HMGET", KEYS[8] .. provider, "until", "probe", "why")
  local open_ms = (tonumber(f[1] or 0) or 0) - now_ms
  local probe_ms = (tonumber(f[2] or 0) or 0) - now_ms
  if open_ms > 0 then return true, open_ms, f[3] or "" end
  if probe_ms > 0 then return true, math.min(probe_ms, PROBE_PAUSE_MS), f[3] or "" end
  return f[3] ~= false, 0, f[3] or ""
end

for i = 7, #ARGV, 2 do
  local provider, index = ARGV[i], (i - 5) / 2
  local failed, wait_ms, why = false, 0, ""
  if ARGV[i + 1] == "1" then failed, wait_ms, why = circuit_of(provider) end
  if wait_ms == 0 and picked == 0 then
    picked = index
    redis.call("HSET", claim, "called", provider)
    if failed then
      has_failed = "1"
      local circuit = KEYS[8] .. provider
      if redis.call("HGET", circuit, "until") then redis.call("HSET", circuit, "probe", now_ms + lease_ms) end
    end
  elseif wait_ms == 0 then
    others = others + 1
  end
  table.insert(reply, { wait_ms, why })
end
return { picked, others, has_failed, unpack(reply) }
