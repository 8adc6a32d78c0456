--[[
  libs/read-again/lua/note-read-again.lua
  Notes from which instant on topics are to be read again; what was noted before and is not done yet counts,
  where it is earlier.

  KEYS[1]  hash: topic -> since when, epoch ms
  ARGV     topic and instant, one after the other

  Returns 1.
]]
for i = 1, #ARGV, 2 do
  local noted = redis.call("HGET", KEYS[1], ARGV[i])
  if not noted or tonumber(ARGV[i + 1]) < tonumber(noted) then
    redis.call("HSET", KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
