--[[
  libs/provider-ids/lua/join-or-park.lua
  Finds the attempts that reports belong to; a report whose attempt is not known yet is parked until
  link.lua asks for it. Parking the same report again changes nothing.

  KEYS[1..n]    links   string per report's provider id: the attempt
  KEYS[n+1..2n] parked  hash per report's provider id: reportId -> report
  ARGV[1]       how long a report stays parked, ms
  ARGV[2]       how many reports are parked for one provider id at most
  ARGV[3..]     reportId and report, one after the other

  Returns for each the attempt; nil if parked; 0 if nothing more is parked for that provider id.
]]
local count = #KEYS / 2
local keep_ms, parked_max = tonumber(ARGV[1]), tonumber(ARGV[2])
assert(count > 0 and #ARGV == 2 + 2 * count, "a reportId and a report per provider id")
assert(keep_ms and keep_ms > 0 and parked_max, "not a number")

local joined = redis.call("MGET", unpack(KEYS, 1, count))
for i = 1, count do
  if not joined[i] then redis.call("HLEN", KEYS[count + i]) end -- Only raises WRONGTYPE.
end
for i = 1, count do
  local parked, report_id, report = KEYS[count + i], ARGV[2 * i + 1], ARGV[2 * i + 2]
  if not joined[i] then
    local is_new = redis.call("HEXISTS", parked, report_id) == 0
    if is_new and redis.call("HLEN", parked) >= parked_max then
      joined[i] = 0
    else
      redis.call("HSET", parked, report_id, report)
      redis.call("PEXPIRE", parked, ARGV[1])
    end
  end
end
return joined
