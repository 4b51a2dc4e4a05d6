-- Takeuchi's function over linked lists.

local function makeList(length)
  if length == 0 then return nil end
  return { value = length, next = makeList(length - 1) }
end

local function length(list)
  if list == nil then return 0 end
  return 1 + length(list.next)
end

local function isShorter(x, y)
  while y do
    if not x then return true end
    x = x.next
    y = y.next
  end
  return false
end

local function tail(x, y, z)
  if not isShorter(y, x) then return z end
  return tail(tail(x.next, y, z), tail(y.next, z, x), tail(z.next, x, y))
end

function run(times)
  local sum = 0
  for _ = 1, times do sum = sum + length(tail(makeList(15), makeList(10), makeList(6))) end
  return sum
end
