-- A tree of arrays, which are garbage at once.
local core = require 'core'

local Storage = {}
Storage.__index = Storage

function Storage.new()
  return setmetatable({ count = 0, random = core.Random.new() }, Storage)
end

function Storage:buildTree(depth)
  self.count = self.count + 1
  local children = {}
  if depth == 1 then
    for i = 1, self.random:next() % 10 + 1 do children[i] = false end
  else
    for i = 1, 4 do children[i] = self:buildTree(depth - 1) end
  end
  return children
end

function run(times)
  local sum = 0
  for _ = 1, times do
    local storage = Storage.new()
    storage:buildTree(7)
    sum = sum + storage.count
  end
  return sum
end
