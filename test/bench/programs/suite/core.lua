-- The set's own collections and its random numbers, as its rules want them: classes over plain tables, the same in each language.

local core = {}

-- 16 bits of a linear congruence.
local Random = {}
Random.__index = Random

function Random.new()
  return setmetatable({ seed = 74755 }, Random)
end

function Random:next()
  self.seed = (self.seed * 1309 + 13849) & 65535
  return self.seed
end

-- Grows at its end, shrinks at both. Indices begin at 1, as everywhere in Lua.
local Vector = {}
Vector.__index = Vector

function Vector.new()
  return setmetatable({ storage = {}, first = 1, last = 0 }, Vector)
end

function Vector.with(element)
  local vector = Vector.new()
  vector:append(element)
  return vector
end

function Vector:at(index)
  return self.storage[index]
end

function Vector:append(element)
  local last = self.last + 1
  self.storage[last] = element
  self.last = last
end

function Vector:isEmpty()
  return self.last < self.first
end

function Vector:size()
  return self.last - self.first + 1
end

function Vector:forEach(visit)
  local i = self.first
  while i <= self.last do
    visit(self.storage[i])
    i = i + 1
  end
end

function Vector:hasSome(holds)
  local storage = self.storage
  for i = self.first, self.last do
    if holds(storage[i]) then return true end
  end
  return false
end

function Vector:removeFirst()
  if self:isEmpty() then return nil end
  local first = self.first
  self.first = first + 1
  return self.storage[first]
end

-- False where the element is not there.
function Vector:remove(element)
  local kept, last, found = {}, 0, false
  self:forEach(function(it)
    if it == element then
      found = true
    else
      last = last + 1
      kept[last] = it
    end
  end)
  self.storage, self.first, self.last = kept, 1, last
  return found
end

function Vector:sort(isBefore)
  local kept = table.move(self.storage, self.first, self.last, 1, {})
  table.sort(kept, isBefore)
  self.storage, self.first, self.last = kept, 1, #kept
end

-- Elements, each once, by identity.
local IdentitySet = {}
IdentitySet.__index = IdentitySet

function IdentitySet.new()
  return setmetatable({ items = Vector.new() }, IdentitySet)
end

function IdentitySet:add(item)
  if not self:contains(item) then self.items:append(item) end
end

function IdentitySet:contains(item)
  return self.items:hasSome(function(it) return it == item end)
end

function IdentitySet:size()
  return self.items:size()
end

function IdentitySet:forEach(visit)
  self.items:forEach(visit)
end

-- A table by identity: what Lua's own are.
local IdentityDictionary = {}
IdentityDictionary.__index = IdentityDictionary

function IdentityDictionary.new()
  return setmetatable({ entries = {} }, IdentityDictionary)
end

function IdentityDictionary:at(key)
  return self.entries[key]
end

function IdentityDictionary:atPut(key, value)
  self.entries[key] = value
end

core.Random = Random
core.Vector = Vector
core.IdentitySet = IdentitySet
core.IdentityDictionary = IdentityDictionary
return core
