--[[
  libs/flow-store/lua/unpublished.lua
  Which of some messages a page of the outbox holds, of what was committed up to a counter.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   outbox  stream, see commit.lua
  ARGV[3]   where the page begins: "-", or "(" and the id of an entry
  ARGV[4]   how many entries it has at most
  ARGV[5]   the counter
  ARGV[6..] messageIds

  Returns { where the next page begins, or nil; messageIds, each with the oldest entry of the page that has it }.
]]
local count, up_to = tonumber(ARGV[4]), assert(tonumber(ARGV[5]), "a counter is not a number")
local wanted, held = {}, {}
for i = 6, #ARGV do wanted[ARGV[i]] = true end
local entries = redis.call("XRANGE", KEYS[3], ARGV[3], "+", "COUNT", ARGV[4])
for _, entry in ipairs(entries) do
  local fields = entry[2]
  local raised = tonumber(fields[2]) -- Of what nobody can read it may be anything.
  if raised and raised > up_to then return { false, held } end
  for j = 5, #fields, 2 do
    local id = fields[j]
    if wanted[id] then held[#held + 1], held[#held + 2], wanted[id] = id, entry[1], nil end
  end
end
return { #entries == count and "(" .. entries[count][1], held }
