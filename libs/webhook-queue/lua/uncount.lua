--[[
  libs/webhook-queue/lua/uncount.lua
  Stands before the scripts that take dead letters away.

  uncount(counts, letter)  one less of the letter's lane; a letter that nobody can read was no lane's
]]
local function uncount(counts, letter)
  local is_read, told = pcall(cjson.decode, letter)
  if not is_read or type(told) ~= "table" or not told.lane then return end
  if redis.call("HINCRBY", counts, told.lane, -1) <= 0 then redis.call("HDEL", counts, told.lane) end
end
