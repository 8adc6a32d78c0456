--[[
  libs/flow-store/lua/claim-due.lua
  Lends timers that are due. They stay in the set until a commit moves them or takes them away, so a
  tick that gets lost fires again when its lease has ended; each further lease is twice as long, so a
  consumer that is away is not told over and over. A lent timer is settled once the set says another
  due time for it, or none. While lent_max are not, no further one is lent.

  Of those that are due the longest and the latest take turns: nobody stands behind a backlog, and
  none of a backlog is left.

  Behind libs/redis/lua/two-clocks.lua, epoch.lua and armed.lua. A timer is due, and a lease is over, by the earlier clock.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3..4]  see armed.lua
  KEYS[5]  lent     hash: messageId -> "<due time> <end of its lease, epoch ms> <lease, ms>"
  ARGV[3]  first lease, ms
  ARGV[4]  longest lease, ms
  ARGV[5]  lent_max, 2 or more

  Returns { messageId, due time, end of its lease, messageId, ...; when something will be due or a
  lease be over, or nil; the earlier clock, epoch ms; counter; epoch }.
]]
local timers, lent, lease_ms = KEYS[3], KEYS[5], tonumber(ARGV[3])
local lease_ms_max, lent_max = tonumber(ARGV[4]), tonumber(ARGV[5])
assert(lease_ms and lease_ms_max and lent_max, "not a number")
timer_count() -- Only raises WRONGTYPE.
if not is_noted then note_armed(counter) end

local clock = string.format("%.0f", earlier_ms)
local fired, leases, settled = {}, {}, {}
local is_lent, lent_count, next_ms = {}, 0, math.huge

local function lend(message_id, due_at, lease)
  local lease_end = string.format("%.0f", earlier_ms + lease)
  leases[#leases + 1] = message_id
  leases[#leases + 1] = table.concat({ due_at, lease_end, string.format("%.0f", lease) }, " ")
  for _, value in ipairs({ message_id, due_at, lease_end }) do fired[#fired + 1] = value end
  next_ms = math.min(next_ms, earlier_ms + lease)
end

local function look_at_lent()
  local kept = redis.call("HGETALL", lent)
  local ids = {}
  for i = 1, #kept, 2 do ids[#ids + 1] = kept[i] end
  local due_times = #ids > 0 and redis.call("ZMSCORE", timers, unpack(ids)) or {}
  for i, message_id in ipairs(ids) do
    local due_at, lease_end, lease = string.match(kept[2 * i], "^(%S+) (%S+) (%S+)$")
    if due_times[i] ~= due_at then
      settled[#settled + 1] = message_id
    else
      is_lent[message_id], lent_count = true, lent_count + 1
      if tonumber(lease_end) <= earlier_ms then
        lend(message_id, due_at, math.min(2 * tonumber(lease), lease_ms_max))
      else
        next_ms = math.min(next_ms, tonumber(lease_end))
      end
    end
  end
end

-- `due` has as many as are wanted even where all that are lent already come first.
local function lend_some(due, count)
  for i = 1, #due, 2 do
    if count == 0 then return end
    if not is_lent[due[i]] then
      is_lent[due[i]], lent_count, count = true, lent_count + 1, count - 1
      lend(due[i], due[i + 1], lease_ms)
    end
  end
end

look_at_lent()
local half = math.floor((lent_max - lent_count) / 2)
if half > 0 then
  local limit = lent_count + half
  lend_some(redis.call(
    "ZRANGE", timers, "-inf", clock, "BYSCORE", "LIMIT", 0, limit, "WITHSCORES"), half)
  lend_some(redis.call(
    "ZRANGE", timers, clock, "-inf", "BYSCORE", "REV", "LIMIT", 0, lent_max, "WITHSCORES"),
    lent_max - lent_count)
end
if #settled > 0 then redis.call("HDEL", lent, unpack(settled)) end
if #leases > 0 then redis.call("HSET", lent, unpack(leases)) end

local coming = redis.call(
  "ZRANGE", timers, "(" .. clock, "+inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES")
if coming[2] then next_ms = math.min(next_ms, tonumber(coming[2])) end
local next_at = next_ms < math.huge and string.format("%.0f", next_ms)
return { fired, next_at, clock, tonumber(counter), epoch }
