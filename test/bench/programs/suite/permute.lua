-- All permutations of six elements, by swapping.

local Permuter = {}
Permuter.__index = Permuter

function Permuter.new()
  return setmetatable({ count = 0, elements = { 0, 0, 0, 0, 0, 0 } }, Permuter)
end

function Permuter:permute(n)
  self.count = self.count + 1
  if n == 0 then return end
  self:permute(n - 1)
  for i = n, 1, -1 do
    self:swap(n, i)
    self:permute(n - 1)
    self:swap(n, i)
  end
end

function Permuter:swap(i, j)
  local elements = self.elements
  local kept = elements[i]
  elements[i] = elements[j]
  elements[j] = kept
end

function run(times)
  local sum = 0
  for _ = 1, times do
    local permuter = Permuter.new()
    permuter:permute(6)
    sum = sum + permuter.count
  end
  return sum
end
