--[[
  libs/flow-store/lua/drop-odd.lua
  Takes away what is nothing of ours among a shard's own keys, and closes the shard for everybody as one that lost
  writes: nobody can work with it, and the journal has what was there. It goes by no epoch: its key may be an odd one.

  KEYS[1]   epoch  string
  KEYS[2..] the shard's other keys
  ARGV[1]   what stands in place of the server
  ARGV[2..] what each key holds, the epoch's first: a type as TYPE says it, or "number"

  Returns { how many were odd, the epoch as it is stored then }.
]]
local odd = {}
for i, key in ipairs(KEYS) do
  local wanted, found = ARGV[i + 1], redis.call("TYPE", key).ok
  local is_odd = found ~= (wanted == "number" and "string" or wanted)
  if wanted == "number" and found == "string" then
    local text = redis.call("GET", key)
    is_odd = #text > 15 or not string.find(text, "^%d+$")
  end
  if found ~= "none" and is_odd then odd[#odd + 1] = key end
end
if #odd > 0 then redis.call("UNLINK", unpack(odd)) end
local epoch = redis.call("GET", KEYS[1])
if #odd > 0 and epoch then
  epoch = string.match(epoch, "^%S*") .. " " .. ARGV[1]
  redis.call("SET", KEYS[1], epoch)
end
return { #odd, epoch or "" }
