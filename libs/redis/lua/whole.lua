--[[
  libs/redis/lua/whole.lua
  Stands before every script. Takes the last key off, which never exists and lies where the script's others do (see
  libs/redis/script.ts): while a slot of a Redis Cluster is on its way to another node, Redis refuses a script of which
  a key is not there, before it runs. So none runs on a slot of which a part has gone, where it would end in the middle
  at the first key that it does not find, or has just taken away itself.
]]
table.remove(KEYS)
