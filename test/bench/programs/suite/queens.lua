-- Eight queens that do not threaten one another, ten times.

local function filled(count, item)
  local out = {}
  for i = 1, count do out[i] = item end
  return out
end

local Board = {}
Board.__index = Board

function Board.new()
  return setmetatable({
    freeRows = filled(8, true),
    freeMaxs = filled(16, true),
    freeMins = filled(16, true),
    queenRows = filled(8, -1),
  }, Board)
end

-- Puts queens into this column and those after it; false where there is no way to.
function Board:placeQueen(column)
  for row = 1, 8 do
    if self:isFree(row, column) then
      self.queenRows[row] = column
      self:setFree(row, column, false)
      if column == 8 then return true end
      if self:placeQueen(column + 1) then return true end
      self:setFree(row, column, true)
    end
  end
  return false
end

function Board:isFree(row, column)
  return self.freeRows[row] and self.freeMaxs[column + row - 1] and self.freeMins[column - row + 8]
end

function Board:setFree(row, column, free)
  self.freeRows[row] = free
  self.freeMaxs[column + row - 1] = free
  self.freeMins[column - row + 8] = free
end

-- The boards solved: ten times `times`.
function run(times)
  local solved = 0
  for _ = 1, 10 * times do
    if Board.new():placeQueen(1) then solved = solved + 1 end
  end
  return solved
end
