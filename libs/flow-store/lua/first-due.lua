--[[
  libs/flow-store/lua/first-due.lua
  When something may be due first in each of several shards. It changes nothing, and looks at no epoch and no clock.

  KEYS  of each shard after the other:
    timers   zset: messageId -> due time, epoch ms
    lent     hash, see claim-due.lua

  Returns for each shard the first due time; "0" where timers are lent, whose leases claim-due.lua knows; nil: nothing is there.
]]
local first = {}
for i = 1, #KEYS, 2 do
  local timer = redis.call("ZRANGE", KEYS[i], 0, 0, "WITHSCORES")
  local is_lent = redis.call("EXISTS", KEYS[i + 1]) == 1
  first[#first + 1] = is_lent and "0" or timer[2] or false
end
return first
