--[[
  libs/dispatch-store/lua/lanes.lua
  What the scripts of the dispatchers share: each of them is appended to this one. Those that take or
  call stand behind libs/redis/lua/two-clocks.lua as well.

  A command waits in the lane of its account and sender. Accounts take turns, and so do the lanes of
  an account: who was served longest ago is next. A turn is the instant from which on an account or a
  lane may be served; that of a lane whose sender has no token left is when it gets one (GCRA).

  KEYS[1]  accounts  zset: account -> turn, epoch us
  KEYS[2]  delayed   zset: command_id -> when it is looked at again, epoch ms: a retry is due then, or
                     the lease of a call ends, so that nothing is lost with a dispatcher that dies
  KEYS[3]  waiting   zset: command_id in a lane -> since when it waits, epoch us
  KEYS[4]  beginning of the claims  hash: state (waiting, claimed, delayed, answered), owner,
                     abandoned (the owner of a claim that ended without an answer; "" of several), refusals, losses,
                     failures, called (whom it was given to last), answer; account, lane, since,
                     command, trace, passed (JSON: who did not take it) until it is done
  KEYS[5]  beginning of an account's lanes  zset: lane -> turn, epoch us
  KEYS[6]  beginning of the lanes           zset: command_id -> since when it waits, epoch us
  KEYS[7]  beginning of the rates           string: when the lane's bucket is empty, epoch us
  KEYS[8]  beginning of the circuits        hash, of a connection that has failed: faults in a row, why,
                     opens in a row, until (epoch ms: nobody calls it before), probe (epoch ms: one call tries
                     it until then)
  ARGV[1]  interval_us  one second divided by a sender's rate
  ARGV[2]  burst_count  how many calls of a sender may go at once after a pause
  ARGV[3]  keep_ms      how long a command is remembered
]]
local accounts, delayed, waiting = KEYS[1], KEYS[2], KEYS[3]
local interval_us, burst_count, keep_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]

local time = redis.call("TIME")
local now_us = time[1] * 1000000 + time[2]
local now_ms = math.floor(now_us / 1000)

local function claim_of(command_id) return KEYS[4] .. command_id end

-- Never further ahead than tokens are given out: a clock that was ahead may have written it.
local function empty_at(lane)
  local at_us = tonumber(redis.call("GET", KEYS[7] .. lane) or 0) or 0
  return math.max(now_us, math.min(at_us, now_us + burst_count * interval_us))
end

-- When the lane has its next token.
local function token_at(lane)
  return math.max(now_us, empty_at(lane) - interval_us * (burst_count - 1))
end

-- `count` -1 gives a token back that has bought no call.
local function take_tokens(lane, count)
  local at = empty_at(lane) + count * interval_us
  if at <= now_us then return redis.call("DEL", KEYS[7] .. lane) end
  redis.call("SET", KEYS[7] .. lane, string.format("%.0f", at), "PX", math.ceil((at - now_us) / 1000))
end

-- The lane may be served once it has a token, and its account with it.
local function offer(account, lane)
  local at = token_at(lane)
  redis.call("ZADD", KEYS[5] .. account, "LT", at, lane)
  redis.call("ZADD", accounts, "LT", at, account)
end

local function join_lane(account, lane, command_id, since)
  redis.call("ZADD", KEYS[6] .. lane, since, command_id)
  redis.call("ZADD", waiting, since, command_id)
  offer(account, lane)
end

-- The lane was served at `turn`: it and its account come again after all who wait.
local function leave_lane(account, lane, command_id, turn)
  redis.call("ZREM", KEYS[6] .. lane, command_id)
  redis.call("ZREM", waiting, command_id)
  local lanes = KEYS[5] .. account
  if redis.call("EXISTS", KEYS[6] .. lane) == 0 then
    redis.call("ZREM", lanes, lane)
  else
    redis.call("ZADD", lanes, math.max(turn, token_at(lane)), lane)
  end
  local first_turn = redis.call("ZRANGE", lanes, 0, 0, "WITHSCORES")[2]
  if first_turn then
    redis.call("ZADD", accounts, math.max(turn, tonumber(first_turn)), account)
  else
    redis.call("ZREM", accounts, account)
  end
end

local function give_token_back(claim)
  local place = redis.call("HMGET", claim, "account", "lane")
  if not place[2] then return end
  take_tokens(place[2], -1)
  -- A lane where nothing waits stands in no order.
  if redis.call("ZSCORE", KEYS[5] .. place[1], place[2]) then offer(place[1], place[2]) end
end
