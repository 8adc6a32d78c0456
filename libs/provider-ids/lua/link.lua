--[[
  libs/provider-ids/lua/link.lua
  Says to which attempts provider ids belong, and returns the reports that were there before it was
  known. join-or-park.lua asks and parks in one script too, so no report falls between the two.

  KEYS[1..n]    links   string per provider id: the attempt
  KEYS[n+1..2n] parked  hash per provider id: reportId -> report
  ARGV[1]       how long a link is kept, ms
  ARGV[2..]     the attempt of each

  Returns a list of parked reports for each; they stay until forget or their end of time.
]]
local count = #KEYS / 2
local keep_ms = tonumber(ARGV[1])
assert(count > 0 and #ARGV == 1 + count, "one attempt per provider id")
assert(keep_ms and keep_ms > 0, "keep is not above 0")

local parked = {}
for i = 1, count do
  parked[i] = redis.call("HVALS", KEYS[count + i])
end
-- SET replaces a link of any type: an id that a provider uses again belongs to its newest attempt.
for i = 1, count do
  redis.call("SET", KEYS[i], ARGV[i + 1], "PX", ARGV[1])
end
return parked
