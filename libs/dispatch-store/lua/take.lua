--[[
  libs/dispatch-store/lua/take.lua
  Claims what is to be called next, with a token of its sender for each.

  Every account in turn, every lane of an account in turn, the oldest command of a lane first. An
  account may hold three times as many places as stay free, one lane twice as many: so whoever comes
  new finds a place, even while all calls of another one hang.

  A claimed command stays in `delayed` until the end of its lease; the claim that is found there then
  is `abandoned`: its dispatcher died, maybe after the call. That stays beside the claim of whoever takes it
  next, until that one gives it back or has an answer: it may die too, and nobody would know any more that
  there may have been a call. One that was only slow may keep its answer
  while the command waits in its lane again: it is `answered` then, and not called.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  owner        the claiming process
  ARGV[5]  lease_ms     longer than a call can take
  ARGV[6]  place_count  how many places of the caller are free
  ARGV[7]  bytes_max    no further command is taken once these have so many bytes
  ARGV[8]  held         JSON: {"accounts": {account: places that it holds}, "lanes": {lane: ...}}
  ARGV[9..]  commands of the caller that are done: they are not looked at again

  Returns {ms until there is something to take (-1: nothing waits), count of waiting commands, ms
  that the oldest has waited, then per command {verdict, command_id, account, lane, 1 if the caller
  abandoned it, refusals, losses, failures, command, trace, answer, called, passed}}. Verdicts: claimed, abandoned,
  and answered: its report may not have been published.
]]
local owner, lease_ms = ARGV[4], tonumber(ARGV[5])
local free, bytes_left = tonumber(ARGV[6]), tonumber(ARGV[7])
local held = cjson.decode(ARGV[8])
-- What is served in this run is served a microsecond apart, and may be served again in it.
local horizon_us = now_us + free
local turn_us = now_us
local LOOK_COUNT_MAX = 256
-- Above every back-off (60 s) and every lease (123 s).
local DELAY_MS_MAX = 600000
local taken = {}

local function add(verdict, command_id, claim)
  redis.call("ZADD", delayed, now_ms + lease_ms, command_id)
  local f = redis.call("HMGET", claim, "account", "lane", "abandoned", "refusals", "losses",
    "failures", "command", "trace", "answer", "called", "passed")
  local mine = f[3] == owner and 1 or 0
  table.insert(taken, { verdict, command_id, f[1], f[2], mine, tonumber(f[4] or 0) or 0,
    tonumber(f[5] or 0) or 0, tonumber(f[6] or 0) or 0, f[7] or "", f[8] or "", f[9] or "",
    f[10] or "", f[11] or "" })
  free = free - 1
  bytes_left = bytes_left - #(f[7] or "")
end

local function forget_done()
  for i = 9, #ARGV do
    redis.call("ZREM", delayed, ARGV[i])
    redis.call("HDEL", claim_of(ARGV[i]), "account", "lane", "since", "command", "trace", "passed")
  end
end

-- Of two owners nobody knows whose call it may have been: it is nobody's own then.
local function abandon(claim, by)
  local before = redis.call("HGET", claim, "abandoned")
  redis.call("HSET", claim, "abandoned", (not before or before == by) and by or "")
end

local function look_again(command_id)
  local claim = claim_of(command_id)
  local f = redis.call("HMGET", claim, "state", "account", "lane", "since", "owner", "command")
  local state, account, lane, since = f[1], f[2], f[3], tonumber(f[4] or "")
  if not (state and account and lane and since and f[6]) then
    redis.call("ZREM", delayed, command_id)
  elseif state == "answered" then
    if free > 0 then
      redis.call("HSET", claim, "owner", owner)
      add("answered", command_id, claim)
    end
  else
    if state == "claimed" then abandon(claim, f[5] or "") end
    redis.call("HSET", claim, "state", "waiting")
    redis.call("ZREM", delayed, command_id)
    join_lane(account, lane, command_id, since)
  end
end

local function held_by(kind, name) return held[kind][name] or 0 end
local function hold(kind, name) held[kind][name] = held_by(kind, name) + 1 end

-- The lane of an account whose turn it is.
local function lane_in_turn(account)
  if held_by("accounts", account) >= 3 * free then return nil end
  for rank = 0, LOOK_COUNT_MAX do
    local lane = redis.call("ZRANGE", KEYS[5] .. account, rank, rank, "WITHSCORES")
    if not lane[1] or tonumber(lane[2]) > horizon_us then return nil end
    if held_by("lanes", lane[1]) < 2 * free then return lane[1] end
  end
end

local function serve(account, lane)
  local command_id = redis.call("ZRANGE", KEYS[6] .. lane, 0, 0)[1]
  turn_us = turn_us + 1
  local claim = command_id and claim_of(command_id)
  local kept = claim and redis.call("HEXISTS", claim, "command") == 1
  if kept and redis.call("HGET", claim, "state") == "answered" then
    -- Its dispatcher had stood still for longer than its lease, and has said by now what became of the call.
    redis.call("HSET", claim, "owner", owner)
    redis.call("HDEL", claim, "abandoned")
    add("answered", command_id, claim)
  elseif kept then
    local abandoned = redis.call("HEXISTS", claim, "abandoned") == 1
    add(abandoned and "abandoned" or "claimed", command_id, claim)
    redis.call("HSET", claim, "state", "claimed", "owner", owner)
    redis.call("PEXPIRE", claim, keep_ms)
    take_tokens(lane, 1)
    hold("accounts", account)
    hold("lanes", lane)
  end
  -- What Redis has lost is passed over.
  leave_lane(account, lane, command_id or "", turn_us)
end

-- No turn and no delay is so far ahead, unless Redis' clock was ahead and has been put right.
local function mend_after_clock()
  local turn_max, delay_max = now_us + interval_us + 1000000, now_ms + DELAY_MS_MAX
  for _, account in ipairs(redis.call("ZRANGE", accounts, turn_max, "+inf", "BYSCORE", "LIMIT", 0, LOOK_COUNT_MAX)) do
    local lanes = KEYS[5] .. account
    for _, lane in ipairs(redis.call("ZRANGE", lanes, turn_max, "+inf", "BYSCORE", "LIMIT", 0, LOOK_COUNT_MAX)) do
      offer(account, lane)
    end
  end
  for _, command_id in ipairs(redis.call("ZRANGE", delayed, delay_max, "+inf", "BYSCORE", "LIMIT", 0, LOOK_COUNT_MAX)) do
    redis.call("ZADD", delayed, now_ms + lease_ms, command_id)
  end
end

forget_done()
mend_after_clock()
for _, command_id in ipairs(redis.call("ZRANGE", delayed, "-inf", now_ms, "BYSCORE", "LIMIT", 0, LOOK_COUNT_MAX)) do
  look_again(command_id)
end

local passed_over = 0
for _ = 1, 2 * LOOK_COUNT_MAX do
  if free <= 0 or bytes_left <= 0 then break end
  local account = redis.call("ZRANGE", accounts, passed_over, passed_over, "WITHSCORES")
  if not account[1] or tonumber(account[2]) > horizon_us then break end
  local lane = lane_in_turn(account[1])
  if lane then serve(account[1], lane) else passed_over = passed_over + 1 end
end

local next_account = redis.call("ZRANGE", accounts, passed_over, passed_over, "WITHSCORES")[2]
local next_delayed = redis.call("ZRANGE", delayed, 0, 0, "WITHSCORES")[2]
local next_ms = math.min(
  next_account and tonumber(next_account) / 1000 or math.huge,
  next_delayed and tonumber(next_delayed) or math.huge
)
local oldest_us = redis.call("ZRANGE", waiting, 0, 0, "WITHSCORES")[2]
local reply = {
  next_ms == math.huge and -1 or math.max(0, math.ceil(next_ms - now_ms)),
  redis.call("ZCARD", waiting),
  oldest_us and math.max(0, math.floor((now_us - tonumber(oldest_us)) / 1000)) or 0,
}
for _, item in ipairs(taken) do table.insert(reply, item) end
return reply
