-- The towers of Hanoi, thirteen disks high.

local Towers = {}
Towers.__index = Towers

function Towers.new()
  return setmetatable({ piles = {}, moves = 0 }, Towers)
end

function Towers:push(disk, pile)
  local top = self.piles[pile]
  if top and disk.size >= top.size then error('a disk may not lie on a smaller one') end
  disk.next = top
  self.piles[pile] = disk
end

function Towers:pop(pile)
  local top = self.piles[pile]
  if not top then error('there is no disk on an empty pile') end
  self.piles[pile] = top.next
  top.next = nil
  return top
end

function Towers:moveTop(from, to)
  self:push(self:pop(from), to)
  self.moves = self.moves + 1
end

function Towers:build(pile, disks)
  for size = disks, 0, -1 do self:push({ size = size, next = nil }, pile) end
end

function Towers:move(disks, from, to)
  if disks == 1 then
    self:moveTop(from, to)
    return
  end
  local other = 6 - from - to
  self:move(disks - 1, from, other)
  self:moveTop(from, to)
  self:move(disks - 1, other, to)
end

function run(times)
  local sum = 0
  for _ = 1, times do
    local towers = Towers.new()
    towers:build(1, 13)
    towers:move(13, 1, 2)
    sum = sum + towers.moves
  end
  return sum
end
