--[[
  libs/dispatch-store/lua/put-off.lua
  Ends a claim without an answer: the command comes again after a delay, at its old place in its
  lane. One that is answered comes again for its report. Does nothing if another dispatcher has taken
  it over.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  owner      the caller
  ARGV[6]  delay_ms
  ARGV[7]  counter    "refusals", "losses" or "failures": raised by one; "" for none
  ARGV[8]  "1" if no call was made: the token goes back
  ARGV[9]  "1" if its provider may have it and the answer is lost, "0" if not; "-" leaves what is kept of that
  ARGV[10] passed     who did not take it so far, JSON; "-" leaves what is kept

  Returns what the counter has come to; 0 without one, or if the command is another's.
]]
local command_id, owner, counter = ARGV[4], ARGV[5], ARGV[7]
local claim = claim_of(command_id)
local found = redis.call("HMGET", claim, "state", "owner")
local state = found[1]
if found[2] ~= owner or (state ~= "claimed" and state ~= "answered") then return 0 end
local count = counter ~= "" and redis.call("HINCRBY", claim, counter, 1) or 0
redis.call("ZADD", delayed, now_ms + tonumber(ARGV[6]), command_id)
if state == "answered" then return count end
redis.call("HSET", claim, "state", "delayed")
if ARGV[9] == "1" then redis.call("HSET", claim, "abandoned", "") end
if ARGV[9] == "0" then
  redis.call("HDEL", claim, "abandoned")
  -- Whoever has answered does not have it, and is nobody to ask for it again.
  if redis.call("HEXISTS", claim, "losses") == 0 then redis.call("HDEL", claim, "called") end
end
if ARGV[10] == "" then redis.call("HDEL", claim, "passed") end
if ARGV[10] ~= "" and ARGV[10] ~= "-" then redis.call("HSET", claim, "passed", ARGV[10]) end
redis.call("PEXPIRE", claim, keep_ms)
if ARGV[8] == "1" then give_token_back(claim) end
return count
