--[[
  libs/dispatch-store/lua/claim.lua
  Takes one command before its provider is called, so that one dispatcher at a time calls for it.

  A claim whose lease is over without an answer tells that its dispatcher died, maybe after the
  call: it is taken over as `abandoned`. The lease's age is read from the key's own time to live,
  which every claim sets to keep_ms, so that only Redis' clock counts.

  KEYS[1]  claim  hash: state (claimed, parked, answered), owner, refusals, losses, answer, ...
  ARGV[1]  owner      the claiming process
  ARGV[2]  lease_ms   longer than a call can take
  ARGV[3]  keep_ms    how long a command is remembered
  ARGV[4]  "1" if the command comes out of the retry queue, else "0"

  Returns {verdict, 1 if the earlier claim was this owner's, ms left of another's lease, refusals
  so far, lost answers so far, answer or ""}. Verdicts: claimed, abandoned (both are ours now),
  held (its lease runs), parked (the retry queue has it), answered.
]]
local claim, me = KEYS[1], ARGV[1]
local lease_ms, keep_ms = tonumber(ARGV[2]), tonumber(ARGV[3])

local fields = redis.call("HMGET", claim, "state", "owner", "refusals", "losses", "answer")
local state, owner = fields[1], fields[2]
local mine = owner == me and 1 or 0
local refusals, losses = tonumber(fields[3] or 0), tonumber(fields[4] or 0)

if state == "answered" then return { "answered", mine, 0, refusals, losses, fields[5] } end
if state == "parked" and ARGV[4] == "0" then
  return { "parked", mine, 0, refusals, losses, "" }
end
local verdict = "claimed"
if state == "claimed" then
  local age_ms = keep_ms - redis.call("PTTL", claim)
  if age_ms < lease_ms then return { "held", mine, lease_ms - age_ms, refusals, losses, "" } end
  verdict = "abandoned"
end
redis.call("HSET", claim, "state", "claimed", "owner", me)
redis.call("PEXPIRE", claim, keep_ms)
return { verdict, mine, 0, refusals, losses, "" }
